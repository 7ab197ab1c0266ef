"""What Coq has proved before, so that it is not asked twice.

An entry rests on the text, on Coq's version, on the compiled libraries, and on the axioms allowed: when any of them
changes, Coq is asked again. Only "proved" is remembered: a failure may be of the machine.
"""

from __future__ import annotations

import functools
import hashlib
import shutil
import subprocess
from pathlib import Path

from ..cache import store
from .coqc import ALLOWED_AXIOMS, Answer, Reply, version

LIBRARY_FILES = ("user-contrib/Coquelicot/Coquelicot.vo", "theories/Reals/Reals.vo")


def known(text: str) -> Reply | None:
    """What was proved of exactly this text by exactly these tools."""
    rests_on = _rests_on(text)
    found = store.entry(rests_on) if rests_on else None
    if found is None or found.get("answer") != str(Answer.PROVED):
        return None
    return Reply(Answer.PROVED, axioms=tuple(map(str, found.get("axioms", ()))))


def remember(text: str, reply: Reply) -> None:
    """Keep what was proved."""
    rests_on = _rests_on(text)
    if rests_on and reply.answer is Answer.PROVED:
        store.keep(rests_on, {"answer": str(reply.answer), "axioms": list(reply.axioms)})


def _rests_on(text: str) -> tuple[str, ...]:
    """The tools, the axioms and the text; empty without Coq, when nothing is known or remembered."""
    tools = _tools() if store.folder() else None
    return ("kernel evidence", tools, "\n".join(sorted(ALLOWED_AXIOMS)), text) if tools else ()


@functools.cache
def _tools() -> str | None:
    """Coq's version and hashes of the compiled libraries; None without Coq."""
    program, number = shutil.which("coqc"), version()
    if program is None or number is None:
        return None
    told = subprocess.run([program, "-where"], capture_output=True, text=True, timeout=60, check=False)
    where = Path(told.stdout.strip())
    hashes = []
    for name in LIBRARY_FILES:
        path = where / name
        hashes.append(hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "absent")
    return "\n".join([number, *hashes])
