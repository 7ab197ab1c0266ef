"""`proofs-check sweep`: the table and the figure, resuming, refusals; no result depends on how runs are spread."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from early_alignment.numerics.sweep.outcome import ENDS
from early_alignment.proofs_check.commands.application import run
from early_alignment.proofs_check.sweep import rows as parquet
from early_alignment.proofs_check.sweep import sweep, workers
from early_alignment.proofs_check.verify.server import WORKER_ENVIRONMENT, environment

pytestmark = pytest.mark.pyarrow

SPEC = """
[grid]
widths = [4]
scales = [1e-2, 1.0]
seeds = [0, 1]
leaks = [0, 0.1]
[run]
time = 10
tolerance = 1e-6
[[data]]
published = "three-points"
[[data]]
name = "drawn"
random = { points = [4], dimensions = [3], seeds = [2] }
[figure]
x = "scale"
y = "width"
show = "end_loss"
"""
RUNS = 2 * 2 * 2 * 2


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("spec.toml").write_text(SPEC)
    return tmp_path


@pytest.fixture
def in_this_process(monkeypatch):
    """Follow runs here, which is faster; the numbers of those followed."""
    followed: list[int] = []

    def run_all(runs, data, following, finished, jobs):
        for item in runs:
            followed.append(item.number)
            finished(item, workers.run_safely(item, data[item.data], following))

    monkeypatch.setattr(sweep, "run_all", run_all)
    return followed


def table(folder):
    """The rows of a sweep without their seconds, the one column that differs between two sweeps."""
    import pyarrow.parquet

    return pyarrow.parquet.read_table(Path(folder) / "results.parquet").drop_columns(["seconds"]).to_pylist()


def refusal(arguments, capsys):
    """The one sentence with which a command refuses."""
    capsys.readouterr()
    assert run(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    return captured.err


def test_the_results_depend_neither_on_the_number_of_jobs_nor_on_the_order(in_this_process, monkeypatch, capsys):
    with environment(WORKER_ENVIRONMENT):
        assert run(["sweep", "spec.toml", "--out", "one"]) == 0
    together = sweep.run_all

    def backwards(runs, data, following, finished, jobs):
        together(runs[::-1], data, following, finished, jobs)

    monkeypatch.setattr(sweep, "run_all", backwards)
    assert run(["sweep", "spec.toml", "--out", "two"]) == 0
    monkeypatch.setattr(sweep, "run_all", workers.run_all)
    capsys.readouterr()
    assert run(["sweep", "spec.toml", "--out", "three", "--jobs", "3", "--json", "-"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert table("one") == table("two") == table("three")
    assert [row["number"] for row in table("three")] == list(range(RUNS))
    assert (found["schema"], found["runs"], found["computed_before"], found["unresolved"]) == (1, RUNS, 0, [])
    assert sum(found["ends"].values()) == RUNS
    for name in ("phase_diagram.csv", "phase_diagram.svg", "phase_diagram.png", "sweep.json"):
        assert Path("one", name).read_bytes() == Path("three", name).read_bytes()


@pytest.mark.usefixtures("in_this_process")
def test_the_table_has_the_documented_columns_and_a_run_can_be_repeated(capsys):
    assert run(["sweep", "spec.toml"]) == 0  # the folder has the name of the file
    assert f"spec.toml: {RUNS} runs" in capsys.readouterr().out
    page = (Path(__file__).parents[3] / "docs" / "sweeps.md").read_text()
    described = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
    for name in (*parquet.COLUMNS, *(f'"{end}"' for end in ENDS)):
        assert any(f"`{name}`" in names for names in described), f"docs/sweeps.md does not explain {name}"
    row = next(row for row in table("spec") if row["data"] == "drawn-n4-d3-s2" and row["scale"] == 1 and row["seed"])
    options = [f"--{name}={row[name]}" for name in ("width", "scale", "seed", "leak")]
    capsys.readouterr()
    assert run(
        ["simulate", f"spec/data/{row['data']}.csv", *options, "--time", "10", "--tolerance=1e-6", "--json", "-"]
    ) in (0, 1)
    again = json.loads(capsys.readouterr().out)
    assert (again["loss"], again["events"]) == (pytest.approx(row["end_loss"], rel=1e-3), row["events"])


def test_an_interrupted_sweep_goes_on_to_the_same_table(in_this_process, monkeypatch, capsys):
    assert run(["sweep", "spec.toml", "--out", "whole"]) == 0
    in_this_process.clear()
    follow, left = workers.run_safely, [5]

    def interrupted(*arguments):
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return follow(*arguments)

    monkeypatch.setattr(workers, "run_safely", interrupted)
    capsys.readouterr()
    assert run(["sweep", "spec.toml", "--out", "parts"]) == 130
    assert f"interrupted; 5 of {RUNS} runs have a result in parts" in capsys.readouterr().err
    assert table("parts") == table("whole")[:5]
    assert not Path("parts/phase_diagram.png").exists()
    left[0] = RUNS
    in_this_process.clear()
    Path("parts/.results.parquet.x.part").write_text("left by a process that was killed")
    assert run(["sweep", "spec.toml", "--out", "parts"]) == 0
    assert f"{RUNS} runs, 5 of them computed before" in capsys.readouterr().out
    assert in_this_process == list(range(5, RUNS))
    assert table("parts") == table("whole")
    assert not list(Path("parts").glob(".*"))
    in_this_process.clear()
    assert run(["sweep", "spec.toml", "--out", "parts"]) == 0
    assert in_this_process == []


def test_a_failed_run_is_shown_and_tried_again(in_this_process, monkeypatch, capsys):
    from early_alignment.numerics.sweep import grid

    follow = grid.follow

    def failing(item, data, following):
        if item.number == 3:
            raise ZeroDivisionError("planted")
        return follow(item, data, following)

    with monkeypatch.context() as planted:
        planted.setattr(grid, "follow", failing)
        assert run(["sweep", "spec.toml"]) == 1
    assert "run 3 is failed: ZeroDivisionError: planted" in capsys.readouterr().out
    assert [row["number"] for row in table("spec") if row["end"] == "failed"] == [3]
    in_this_process.clear()
    assert run(["sweep", "spec.toml"]) == 0
    assert in_this_process == [3]


@pytest.mark.slow
def test_processes_that_are_killed_are_replaced():
    Path("spec.toml").write_text(SPEC.replace("seeds = [0, 1]", "seeds = { from = 0, count = 40 }"))
    command = [sys.executable, "-m", "early_alignment", "sweep", "spec.toml", "--jobs", "1", "--json", "-"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    deadline = time.monotonic() + 60
    while not Path("spec/results.parquet").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    for child in children:
        os.kill(int(child), signal.SIGKILL)
    found = json.loads(process.communicate(timeout=300)[0])
    assert process.returncode == 1
    assert found["ends"]["failed"] == 1
    assert "exit code -9" in found["unresolved"][0]["message"]


@pytest.mark.usefixtures("in_this_process")
def test_a_changed_specification_is_refused_and_the_figure_may_change(capsys):
    assert run(["sweep", "spec.toml"]) == 0
    before = Path("spec/results.parquet").read_bytes()
    for old, new, name in (
        ("time = 10", "time = 11", "run.time"),
        ("seeds = [0, 1]", "seeds = [0, 2]", "grid.seeds"),
        ("seeds = [2]", "seeds = [3]", "data.drawn-n4-d3-s3"),
    ):
        Path("spec.toml").write_text(SPEC.replace(old, new))
        assert f"which differs in {name}; name another --out" in refusal(["sweep", "spec.toml"], capsys)
    Path("spec.toml").write_text(SPEC.replace("end_loss", "fit"))
    assert run(["sweep", "spec.toml"]) == 0
    assert Path("spec/results.parquet").read_bytes() == before
    with Path("spec/phase_diagram.csv").open(newline="") as stream:
        assert "shown: fit" in next(csv.reader(stream))


@pytest.mark.usefixtures("in_this_process")
def test_damaged_results_are_refused(capsys):
    assert run(["sweep", "spec.toml"]) == 0
    path = Path("spec/results.parquet")
    whole = path.read_bytes()
    path.write_bytes(whole[:1000])
    assert "results.parquet is damaged" in refusal(["sweep", "spec.toml"], capsys)
    path.write_bytes(whole)
    Path("spec/sweep.json").write_text("{")
    assert "sweep.json is damaged" in refusal(["sweep", "spec.toml"], capsys)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["none.toml"], "cannot read none.toml: no such file"),
        (["spec.toml", "--jobs", "0"], "the number of jobs is 0"),
        (["spec.toml", "--jobs", "2", "--scheduler", "tcp://127.0.0.1:1"], "--jobs is for processes of this machine"),
        (["spec.toml", "--out", "full"], "neither empty nor the folder of a sweep"),
        (["spec.toml", "--out", "spec.toml"], "is not a folder"),
        (["spec.toml", "--out", "no/such/folder"], "create it first"),
        (["spec.toml", "--json", "no/such/file"], "there is no folder"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_sentence(arguments, words, capsys):
    Path("full").mkdir()
    Path("full/letter.txt").write_text("keep")
    assert words in refusal(["sweep", *arguments], capsys)
    assert sorted(path.name for path in Path.cwd().iterdir()) == ["full", "spec.toml"]


def test_without_pyarrow_the_command_says_how_to_install_it(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    assert "install it with python -m pip install 'early-alignment-proofs[sweep]'" in refusal(
        ["sweep", "spec.toml"], capsys
    )
    assert not Path("spec").exists()
