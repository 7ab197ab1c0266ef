"""What Coq has proved before, so that it is not asked twice: one small file for each text and version of the tools.

The name of a file is a hash of the text, of Coq's version, of the compiled libraries, and of the axioms allowed: when
any of them changes, Coq is asked again. Whoever can write to the folder can fake an entry; a reviewer who does not own
it switches it off with EARLY_ALIGNMENT_KERNEL_CACHE=off. Only "proved" is remembered: a failure may be of the machine.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from .coqc import ALLOWED_AXIOMS, Answer, Reply, version

VARIABLE = "EARLY_ALIGNMENT_KERNEL_CACHE"
LIBRARY_FILES = ("user-contrib/Coquelicot/Coquelicot.vo", "theories/Reals/Reals.vo")


def folder() -> Path | None:
    """Where entries are kept; None when the cache is switched off. The variable may name another folder."""
    named = os.environ.get(VARIABLE, "")
    if named == "off":
        return None
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "early-alignment-proofs", "kernel")


def known(text: str) -> Reply | None:
    """What was proved of exactly this text by exactly these tools."""
    path = _path(text)
    if path is None:
        return None
    try:
        entry = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(entry, dict) or entry.get("answer") != str(Answer.PROVED):
        return None
    return Reply(Answer.PROVED, axioms=tuple(map(str, entry.get("axioms", ()))))


def remember(text: str, reply: Reply) -> None:
    """Keep what was proved; a folder that cannot be written to is no failure."""
    path = _path(text)
    if path is None or reply.answer is not Answer.PROVED or path.exists():
        return
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
            json.dump({"answer": str(reply.answer), "axioms": list(reply.axioms)}, file)
        Path(file.name).replace(path)


def _path(text: str) -> Path | None:
    place, tools = folder(), _tools()
    if place is None or tools is None:
        return None
    allowed = "\n".join(sorted(ALLOWED_AXIOMS))
    digest = hashlib.sha256("\n".join([tools, allowed, text]).encode()).hexdigest()
    return place / f"{digest}.json"


@functools.cache
def _tools() -> str | None:
    """Coq's version and hashes of the compiled libraries; None without Coq, when nothing is known or remembered."""
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
