"""A sweep on a Dask cluster of this machine gives what processes give; addresses that lead nowhere are refused."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from early_alignment.proofs_check.commands.application import run

pytestmark = [pytest.mark.pyarrow, pytest.mark.distributed]

SPEC = """
[grid]
widths = [4, 8]
scales = [1e-2, 1.0]
[run]
time = 10
tolerance = 1e-6
[[data]]
published = "three-points"
"""


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("spec.toml").write_text(SPEC)


@pytest.fixture
def cluster():
    """The address of a scheduler with one worker, a process as `dask worker` starts it."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=1, threads_per_worker=1, processes=True, dashboard_address=":0") as found:
        yield found.scheduler_address


def table(folder):
    import pyarrow.parquet

    return pyarrow.parquet.read_table(Path(folder) / "results.parquet").drop_columns(["seconds"]).to_pylist()


def refusal(arguments, capsys):
    assert run(arguments) == 2
    captured = capsys.readouterr()
    assert len(captured.err.splitlines()) == 1
    return captured.err


def appeared(path):
    """Wait until a file is there."""
    deadline = time.monotonic() + 60
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.05)


def address_in(file):
    """The address of a scheduler that has a worker."""
    from distributed import Client

    appeared(file)
    with Client(scheduler_file=str(file), timeout=30, set_as_default=False) as client:
        client.wait_for_workers(1, timeout=60)
    return json.loads(file.read_text())["address"]


@pytest.mark.parametrize("at_work", [1, 5000])
def test_a_cluster_gives_the_results_of_processes(at_work, cluster, capsys, monkeypatch):
    monkeypatch.setattr("early_alignment.proofs_check.verify.cluster.MOST_AT_WORK", at_work)
    assert run(["sweep", "spec.toml", "--out", "remote", "--scheduler", cluster]) == 0
    assert capsys.readouterr().err == ""
    assert run(["sweep", "spec.toml", "--out", "local", "--jobs", "1"]) == 0
    assert table("remote") == table("local")
    assert len(table("remote")) == 4
    Path("remote/results.parquet").unlink()
    assert run(["sweep", "spec.toml", "--out", "remote", "--scheduler", cluster]) == 0  # it is there for the next one
    assert table("remote") == table("local")


def test_a_scheduler_without_workers_is_refused(capsys):
    from distributed import LocalCluster

    with LocalCluster(n_workers=0, processes=False, dashboard_address=":0") as empty:
        said = refusal(["sweep", "spec.toml", "--scheduler", empty.scheduler_address], capsys)
    assert "has no worker; start one with dask worker" in said
    assert not Path("spec").exists()


def test_an_address_at_which_no_scheduler_answers_is_refused_soon(capsys, monkeypatch):
    monkeypatch.setattr("early_alignment.proofs_check.verify.cluster.PATIENCE", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # it accepts connections and says nothing
        deaf = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        started = time.monotonic()
        for address in (deaf, "tcp://127.0.0.1:1", "no address at all", "unknown://127.0.0.1:1"):
            said = refusal(["sweep", "spec.toml", "--scheduler", address], capsys)
            assert f"no Dask scheduler answers at {address} within 0.5 s" in said
        assert time.monotonic() - started < 20
    assert not Path("spec").exists()


@pytest.mark.slow
def test_an_interrupted_sweep_on_a_cluster_goes_on(cluster, capsys):
    Path("spec.toml").write_text(SPEC.replace("[run]", "seeds = { from = 0, count = 100 }\n[run]"))
    before = signal.signal(signal.SIGINT, signal.default_int_handler)

    def interrupt():
        appeared(Path("spec/results.parquet"))
        os.kill(os.getpid(), signal.SIGINT)

    watching = threading.Thread(target=interrupt)
    watching.start()
    try:
        assert run(["sweep", "spec.toml", "--scheduler", cluster]) == 130
    finally:
        watching.join()
        signal.signal(signal.SIGINT, before)
    assert "of 400 runs have a result in spec" in capsys.readouterr().err
    done = len(table("spec"))
    assert 0 < done < 400
    Path("spec.toml").write_text(SPEC.replace("[run]", "seeds = { from = 0, count = 100 }\n[run]"))
    assert run(["sweep", "spec.toml", "--scheduler", cluster]) == 0
    assert f"400 runs, {done} of them computed before" in capsys.readouterr().out


def test_without_dask_the_command_says_how_to_install_it(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "distributed", None)
    said = refusal(["sweep", "spec.toml", "--scheduler", "tcp://127.0.0.1:1"], capsys)
    assert "install it with python -m pip install 'early-alignment-proofs[distributed]'" in said


@pytest.mark.slow
def test_a_scheduler_that_ends_is_one_sentence_and_what_was_computed_is_kept(capsys):
    Path("spec.toml").write_text(SPEC.replace("[run]", "seeds = { from = 0, count = 400 }\n[run]"))
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    module, file = [sys.executable, "-m"], Path("scheduler.json").absolute()
    begun = [*module, "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    scheduler = subprocess.Popen([*begun, "--scheduler-file", str(file)], **quiet)
    worker = subprocess.Popen(
        [*module, "distributed.cli.dask_worker", "--scheduler-file", str(file), "--no-dashboard"], **quiet
    )
    try:
        address = address_in(file)
        killer = threading.Thread(target=lambda: (appeared(Path("spec/results.parquet")), scheduler.kill()))
        killer.start()
        said = refusal(["sweep", "spec.toml", "--scheduler", address], capsys)
        killer.join()
    finally:
        for process in (worker, scheduler):
            process.terminate()
            process.wait()
    assert f"the Dask scheduler at {address} has ended; start it again" in said
    assert table("spec")
