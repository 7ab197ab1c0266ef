"""`verify --scheduler` on a Dask cluster of this machine: verdicts, cases and margins of processes; and refusals."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter

import pytest

from early_alignment.proofs_check.claim.results import EvidenceResult
from early_alignment.proofs_check.commands.application import run
from early_alignment.proofs_check.verify import cluster as dask_cluster

COMMAND = [sys.executable, "-m", "early_alignment", "verify", "flow.energy", "--no-cache", "--json", "-"]


def refusal(arguments, capsys):
    capsys.readouterr()
    assert run(arguments) == 2
    captured = capsys.readouterr()
    assert len(captured.err.splitlines()) == 1
    return captured.err


def decided(*more):
    """What `verify` says in a process of its own, so that what a server has loaded is the same; without seconds."""
    done = subprocess.run([*COMMAND, *more], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    found = json.loads(done.stdout)
    for claim in found["claims"]:
        for piece in claim["evidence"]:
            del piece["seconds"]
    assert found["environment"].pop("backend") == ("cluster" if more else "processes")
    return found


@pytest.mark.distributed
def test_a_cluster_decides_as_processes_do():
    from distributed import LocalCluster

    with LocalCluster(n_workers=1, threads_per_worker=2, processes=True, dashboard_address=":0") as found:
        remote = decided("--scheduler", found.scheduler_address)
    assert remote == decided()
    assert [claim["verdict"] for claim in remote["claims"]] == ["proved", "proved"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--backend", "cluster"], "give --scheduler ADDRESS"),
        (["--scheduler", "tcp://127.0.0.1:1", "--backend", "sequential"], "exclude each other"),
        (["--scheduler", "tcp://127.0.0.1:1", "--jobs", "2"], "--jobs is for processes of this machine"),
    ],
)
def test_options_that_contradict_each_other_are_refused(arguments, words, capsys):
    assert words in refusal(["verify", "flow.energy", *arguments], capsys)


def test_claim_files_are_not_sent_to_a_cluster(claim_file, capsys):
    said = refusal(["verify", claim_file(), "--scheduler", "tcp://127.0.0.1:1"], capsys)
    assert "is a file of this machine, and a Dask cluster does not run it" in said


class Worker:
    """A client whose workers answer as told."""

    def __init__(self, answers):
        self.answers = answers

    def run(self, function, on_error):
        return self.answers


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({0: "another hash"}, "has other code"),
        ({1: "python 3.0"}, "has python 3.0 in place of python 3"),
        (ModuleNotFoundError("early_alignment"), "cannot load it"),
    ],
)
def test_workers_with_other_code_are_refused(changed, words):
    own = list(dask_cluster._fingerprint())
    answer = changed if isinstance(changed, Exception) else tuple(changed.get(k, text) for k, text in enumerate(own))
    dask_cluster._check_workers(Worker({"one": tuple(own)}), "address")
    with pytest.raises(ValueError, match=words) as refused:
        dask_cluster._check_workers(Worker({"one": tuple(own), "two": answer}), "address")
    assert "the worker two" in str(refused.value)


def test_a_job_whose_worker_is_lost_is_an_error_and_no_verdict(monkeypatch):
    from contextlib import nullcontext

    from early_alignment import verify
    from early_alignment.proofs_check.verify.backends import cluster

    def lost(client, function, items, more, finished):
        waiting = list(items)
        while waiting:
            waiting += finished(waiting.pop(), ConnectionError("the worker is gone"))

    monkeypatch.setattr(cluster, "connected", lambda address: nullcontext())
    monkeypatch.setattr(cluster, "run_calls", lost)
    found = verify("flow.energy", scheduler="tcp://127.0.0.1:1", remember=False)
    pieces: list[EvidenceResult] = [piece for claim in found.claims for piece in claim.evidence]
    assert Counter(claim.verdict for claim in found.claims) == {"inconclusive": 2}
    assert all("the worker had no result: ConnectionError: the worker is gone" in piece.reason for piece in pieces)
