"""The command line from the user's side: screens, exit codes, JSON, interruptions and full disks."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from early_alignment import replay
from early_alignment.proofs_check.commands.application import run
from early_alignment.proofs_check.verify.server import interrupts_at_the_end

ROOT = Path(__file__).parents[3]
COMMAND = [sys.executable, "-c", "from early_alignment.proofs_check.commands.application import main; main()"]
FAILING = (
    "@property_check(st.integers(1, 10**6), quick=10)\ndef small(statement, x):\n    return Margin(x, 37, 'planted')"
)


def proofs_check(*arguments: str, **options) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=120, **options)


def test_help_loads_nothing_heavy():
    program = (
        "import sys; from early_alignment.proofs_check.commands.application import run; code = run(['--help']);"
        "heavy = {'sympy', 'numpy', 'scipy', 'hypothesis', 'matplotlib', 'pebble', 'flint'} & set(sys.modules);"
        "sys.exit(f'{code} {heavy}' if code or heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "proofs-check verify" in done.stdout


def test_without_arguments_an_example_is_shown(capsys):
    assert run([]) == 0
    assert "proofs-check predict three_points.csv --bias" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["verify", "--jobs", "x"],
        ["verify", "--nope"],
        ["verify", "FILE", "--jobs", "0"],
        ["verify", "FILE", "--seed", "-1"],
        ["verify", "FILE", "--level", "middle"],
        ["verify", "FILE", "--require", "symbolic"],
        ["verify", "FILE", "--timeout", "nan"],
        ["verify", "FILE", "--baseline", "no-such.json"],
        ["verify", "FILE", "--json", "/no/such/folder/out.json"],
        ["verify", "FILE", "--json", "/dev/full"],
        ["show"],
        ["show", "FILE", "extra"],
        ["show", "FILE", "--json", "/dev/full"],
    ],
)
def test_wrong_usage_is_one_sentence(arguments, claim_file, capsys):
    path = claim_file()
    assert run([path if argument == "FILE" else argument for argument in arguments]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "Traceback" not in err


@pytest.mark.parametrize("unbuffered", ["", pytest.param("1", marks=pytest.mark.slow)])
def test_a_full_disk_behind_standard_output_is_reported(claim_file, unbuffered):
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    with Path("/dev/full").open("w") as full:
        for arguments in (["show", claim_file()], ["verify", claim_file(), "--json", "-"], ["verify", claim_file()]):
            command = [*COMMAND, *arguments]
            done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, env=environment)
            assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr


def test_an_internal_error_exits_with_3_and_debug_shows_the_traceback(claim_file, capsys, monkeypatch):
    from early_alignment.proofs_check.verify import verification

    def broken(*names, **options):
        raise RuntimeError("planted")

    monkeypatch.setattr(verification, "verify", broken)
    assert run(["verify", claim_file()]) == 3
    assert capsys.readouterr().err.count("\n") == 1
    assert run(["verify", claim_file(), "--debug"]) == 3
    assert "Traceback" in capsys.readouterr().err


def test_json_has_exactly_the_documented_fields(claim_file):
    done = proofs_check("verify", claim_file("print('noise')\n" + FAILING), "--json", "-")
    payload = json.loads(done.stdout)
    assert done.returncode == 1
    assert set(payload) == {"schema", "claims", "summary", "environment"}
    assert payload["schema"] == 1
    assert payload["summary"] == {"proved": 0, "certified": 0, "supported": 0, "refuted": 0, "inconclusive": 1}
    (claim,) = payload["claims"]
    assert set(claim) == {
        *(
            "id",
            "title",
            "statement",
            "hypotheses",
            "under",
            "scope",
            "source",
            "restated",
            "verdict",
            "expected",
            "reason",
            "needs",
        ),
        *("depends_on", "evidence", "mutants"),
    }
    assert set(claim["evidence"][0]) == {
        "kind",
        "covers",
        "outcome",
        "cases",
        "rechecked",
        "margin",
        "seconds",
        "detail",
    }
    assert set(claim["mutants"][0]) == {"name", "outcome"}


def test_a_refutation_prints_a_shrunk_case_that_can_be_pasted(claim_file):
    path = claim_file(FAILING)
    done = proofs_check("verify", path)
    assert done.returncode == 1
    pasted = done.stdout[done.stdout.index("from early_alignment import replay") :].split("\n\n")[0]
    assert f"print(replay({path!r}, 'small', 38))" in pasted  # 38 is the smallest integer above 37
    again = subprocess.run([sys.executable, "-c", pasted], capture_output=True, text=True, timeout=60)
    assert "measured=38" in again.stdout, again.stderr
    assert not replay(path, "small", 38).holds
    assert replay(path, "small", 37).holds


def without_seconds(text: str) -> str:
    return re.sub(r'"seconds": [0-9.]+', '"seconds": 0', text)


def test_jobs_and_selection_never_change_a_result(claim_file):
    floats = (
        "@property_check(st.tuples(st.floats(-9, 9), st.integers(-99, 99)), quick=40)\ndef drawn(statement, case):\n"
        "    return Margin(abs(case[0] * case[1]) + (statement['power'] == 3) * 1e9, 1e4, 'x', {'case': case})\n"
        "@scaling()\ndef fitted(statement, run):\n    return Margin(float(run.rng.random()), 1, 'x')\n"
    )
    first = claim_file(floats, id="test.first")
    second = claim_file(floats, id="test.second")
    alone = without_seconds(proofs_check("verify", first, "--json", "-", "--jobs", "1").stdout)
    both = proofs_check("verify", second, first, "--json", "-", "--jobs", "4").stdout
    assert json.loads(alone)["claims"][0]["verdict"] == "supported"
    assert json.loads(alone)["claims"][0] == json.loads(without_seconds(both))["claims"][1]
    other = json.loads(proofs_check("verify", first, "--json", "-", "--seed", "1").stdout)
    assert other["claims"][0]["evidence"][0]["margin"] != json.loads(alone)["claims"][0]["evidence"][0]["margin"]


@pytest.fixture
def interruptible():
    """Ctrl-C as a terminal has it: a job that a script runs in the background starts with it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_interrupting_stops_the_workers_and_keeps_what_was_finished(claim_file, tmp_path):
    marker, kept = tmp_path / "started", tmp_path / "kept.json"
    slow = (
        "@property_check(st.integers(1, 9), quick=5)\ndef slow(statement, x):\n"
        f"    open({str(marker)!r}, 'a').write(f'{{os.getpid()}} ')\n    time.sleep(300)\n"
    )
    files = [claim_file(id="test.fast"), claim_file(slow, id="test.slow")]
    command = [*COMMAND, "verify", *files, "--jobs", "1", "--json", str(kept)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    deadline = time.monotonic() + 60
    while not marker.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert out.split() == ["supported", "test.fast"]
    assert f"1 of 2 claims were decided; they are in {kept}" in err
    assert "Traceback" not in err
    payload = json.loads(kept.read_text())
    assert [(claim["id"], claim["verdict"]) for claim in payload["claims"]] == [("test.fast", "supported")]
    assert payload["unfinished"] == ["test.slow"]
    assert payload["summary"]["supported"] == 1
    for pid in marker.read_text().split():
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid), 0)


@pytest.mark.usefixtures("interruptible")
def test_an_interruption_waits_for_the_end_of_a_block_that_must_not_be_cut():
    seen = []

    def interrupted_block():
        with interrupts_at_the_end():
            signal.raise_signal(signal.SIGINT)
            seen.append("the rest of the block")

    with pytest.raises(KeyboardInterrupt):
        interrupted_block()
    assert seen == ["the rest of the block"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_interruption_before_the_checks_start_is_announced(tmp_path, capsys):
    path = tmp_path / "interrupted.py"
    path.write_text("raise KeyboardInterrupt\n")
    assert run(["verify", str(path)]) == 130
    assert capsys.readouterr().err == "proofs-check: interrupted\n"


def test_a_closed_standard_output_is_one_sentence(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdout", None)
    assert run(["list"]) == 2
    assert capsys.readouterr().err.startswith("proofs-check: standard output is closed;")


def test_a_lowered_missing_or_changed_claim_is_compared_with_the_baseline(claim_file, tmp_path, capsys):
    path, old = claim_file(), tmp_path / "old.json"
    assert run(["verify", path, "--json", str(old)]) == 0
    assert run(["verify", path, "--baseline", str(old)]) == 0
    recorded = json.loads(old.read_text())
    recorded["claims"][0]["verdict"] = "proved"
    old.write_text(json.dumps(recorded))
    assert run(["verify", path, "--baseline", str(old)]) == 1
    assert "test.squares was proved and is supported now" in capsys.readouterr().out
    recorded["claims"][0] |= {"verdict": "supported", "statement": "x = x"}
    old.write_text(json.dumps(recorded))
    assert run(["verify", path, "--baseline", str(old)]) == 0
    assert "states something else now" in capsys.readouterr().out
    recorded["claims"].append({"id": "gone.claim", "statement": "", "verdict": "refuted"})
    old.write_text(json.dumps(recorded))
    assert run(["verify", path, "--baseline", str(old)]) == 1
    assert "gone.claim was refuted and is missing now" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": 2, "claims": []}', '{"schema": 1, "claims": [{}]}'])
def test_an_unusable_baseline_is_one_sentence(text, claim_file, tmp_path, capsys):
    old = tmp_path / "old.json"
    old.write_text(text)
    assert run(["verify", claim_file(), "--baseline", str(old)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_the_example_claims_have_the_expected_verdicts():
    good = proofs_check("verify", "examples/true_claim.py", cwd=ROOT)
    assert good.returncode == 0, good.stdout + good.stderr
    assert "proved" in good.stdout
    bad = proofs_check("verify", "examples/false_claim.py", cwd=ROOT)
    assert bad.returncode == 1
    assert "print(replay('examples/false_claim.py'" in bad.stdout


def test_a_script_without_a_file_or_a_guard_can_call_verify(claim_file):
    program = f"from early_alignment import verify\nprint(verify({claim_file()!r}).summary['supported'])"
    done = subprocess.run([sys.executable, "-"], input=program, capture_output=True, text=True, timeout=60)
    assert done.stdout == "1\n", done.stderr
