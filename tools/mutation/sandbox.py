"""A copy of the packages under their installed names, in which one file is altered and claims are verified."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from early_alignment.proofs_check.claim.results import verdict_in_words

from .lateness import at_best

PACKAGES = {"api": ".", "theory": "theory", "numerics": "numerics", "proofs_check": "proofs_check"}
"""The folders of the repository, and where they are in the installed `early_alignment`."""
CHECKS_OUT_OF_TIME = 5
SEARCH = "proofs_check/kinds/property.py"
SHRINKING = (b"SHRINKING_SHARE = 0.5", b"SHRINKING_SHARE = 0.0")

# Run with the copy first on the path. It stops at once if the copy is not what Python imports.
_VERIFY = """
import sys
import early_alignment.theory
assert early_alignment.theory.__file__.startswith(sys.argv[1]), early_alignment.theory.__file__
sys.argv = ["proofs-check", *sys.argv[2:]]
from early_alignment.proofs_check.commands.application import main
sys.exit(main())
"""

# A run that slides, and so calls every compiled function of the flow.
_COMPILE = """
from early_alignment import Dataset, make_start, simulate
data, start = Dataset.published("stewart"), make_start(20, 0.001, 0, "balanced", 2)
simulate(data, start, 60.0)
"""


@dataclass(frozen=True)
class Verified:
    """What `verify` said: verdicts by claim id, and what they would be had all checks that ran out of time passed.

    Both are empty when it ended without any; `note` says how it ended then, `stopped` whether time was up.
    """

    verdicts: dict[str, str]
    at_best: dict[str, str] = field(default_factory=dict)
    note: str = ""
    stopped: bool = False


@dataclass(frozen=True)
class Sandbox:
    """The folder that holds the copy; `root` is the repository it is copied from."""

    folder: Path
    root: Path

    def create(self) -> None:
        """Copy the packages afresh.

        Counterexamples are not shrunk in the copy: that changes no verdict, and checks that fail would run out of time.
        """
        shutil.rmtree(self.folder, ignore_errors=True)
        for folder, package in PACKAGES.items():
            shutil.copytree(
                self.root / folder,
                self.folder / "early_alignment" / package,
                ignore=shutil.ignore_patterns("__pycache__"),
            )
        search = (self.root / SEARCH).read_bytes()
        if search.count(SHRINKING[0]) != 1:
            raise RuntimeError(f"{SEARCH} no longer has {SHRINKING[0].decode()!r} exactly once")
        self.write(SEARCH, search.replace(*SHRINKING))

    def write(self, file: str, content: bytes) -> None:
        """Replace one file of the copy, named as in the repository."""
        (self.folder / "early_alignment" / file).write_bytes(content)

    def compiled(self) -> Path:
        """Where the machine code of the copy as it stands now is kept.

        Numba keeps the code of a function as long as the function's own file is the same, although what it calls in
        other files is compiled into it. A folder for each state of the compiled files keeps mutations apart.
        """
        state = hashlib.sha256()
        for path in sorted(self.folder.rglob("*.py")):
            content = path.read_bytes()
            if b"njit" in content:
                state.update(content)
        return self.folder / "compiled" / state.hexdigest()[:16]

    def verify(self, claims: list[str], level: str, time_limit: float) -> Verified:
        """Verdicts of the claims in the copy, and of those they rest on, one job at a time.

        `time_limit` is for each of the claims; checks are stopped after a fifth of it.
        """
        report = self.folder / "verify.json"
        report.unlink(missing_ok=True)
        # Unaltered, checks take seconds. Several that a mutation keeps from ending must fit into the limit.
        check_limit, run_limit = str(time_limit / CHECKS_OUT_OF_TIME), time_limit * len(claims)
        command = [sys.executable, "-c", _VERIFY, str(self.folder), "verify", *claims]
        command += ["--level", level, "--jobs", "1", "--timeout", check_limit, "--json", str(report)]
        environment = {
            **os.environ,
            "PYTHONPATH": str(self.folder),
            "PYTHONDONTWRITEBYTECODE": "1",
            "NUMBA_CACHE_DIR": str(self.compiled()),
        }
        if not self.compiled().exists():
            self._compile(environment, time_limit)
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            _, errors = process.communicate(timeout=run_limit)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return Verified({}, note=f"stopped after {run_limit:g} s", stopped=True)
        if not report.is_file():
            last = (errors.strip().splitlines() or ["no message"])[-1]
            return Verified({}, note=f"exit code {process.returncode}: {last}")
        found = json.loads(report.read_text())["claims"]
        verdicts = {claim["id"]: verdict_in_words(claim["verdict"], claim.get("expected")) for claim in found}
        return Verified(verdicts, at_best(found))

    def _compile(self, environment: dict[str, str], time_limit: float) -> None:
        """Compile the flow in advance, outside the time of any check. The outcome of this run does not matter."""
        command = [sys.executable, "-c", _COMPILE]
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(
                command,
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=time_limit,
            )
