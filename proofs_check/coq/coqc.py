"""Running Coq on a file, in a temporary folder and with a time limit.

Four outcomes are distinguished: Coq accepted every proof (and the axioms are those allowed), a tactic or the kernel
declined, time ran out, and Coq or one of its libraries is not installed. Coq returns 0 on `Admitted` and on axioms, so
a file with such words is refused unread, and the axioms that Coq prints for all theorems are compared with a list.
"""

from __future__ import annotations

import functools
import os
import re
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from .document import FORBIDDEN, Document

ALLOWED_AXIOMS = frozenset(
    {
        "ClassicalDedekindReals.sig_not_dec",
        "ClassicalDedekindReals.sig_forall_dec",
        "FunctionalExtensionality.functional_extensionality_dep",
        "Classical_Prop.classic",
    }
)
"""What Coq's real numbers and Coquelicot rest on: excluded middle in three forms, and extensionality of functions. All
are of Coq's standard library."""
INSTALL = "install Coq with Coquelicot, on Debian: apt-get install coq libcoq-coquelicot"
COMMENT = re.compile(r"\(\*.*?\*\)", re.DOTALL)


class Answer(StrEnum):
    """What became of a file."""

    PROVED = "proved"
    DECLINED = "tactic failed"
    TIMEOUT = "time-out"
    MISSING = "tool missing"


@dataclass(frozen=True)
class Reply:
    """Coq's answer with a sentence; `axioms` are those that the theorems rest on."""

    answer: Answer
    sentence: str = ""
    axioms: tuple[str, ...] = ()


@functools.cache
def version() -> str | None:
    """The version of Coq, for instance "8.16.1"; None without Coq."""
    program = shutil.which("coqc")
    if program is None:
        return None
    told = subprocess.run([program, "-print-version"], capture_output=True, text=True, timeout=60, check=False)
    return told.stdout.split()[0] if told.returncode == 0 and told.stdout else None


def check(document: Document, seconds: float) -> Reply:
    """Ask Coq about a document."""
    text = document.text()
    refused = forbidden_word(text)
    if refused is not None:
        return Reply(Answer.DECLINED, f"the file says {refused!r}, which assumes something without a proof")
    if version() is None:
        return Reply(Answer.MISSING, f"coqc was not found; {INSTALL}")
    with tempfile.TemporaryDirectory(prefix="kernel-") as folder:
        path = Path(folder, document.file_name)
        path.write_text(text, encoding="utf-8")
        command = ["coqc", "-q", "-w", "none", path.name]
        process = subprocess.Popen(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        try:
            output, errors = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return Reply(Answer.TIMEOUT, f"coqc took more than {seconds:g} s")
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    return read(document, process.returncode, output, errors)


def read(document: Document, exit_code: int, output: str, errors: str) -> Reply:
    """What Coq's exit code and output say of a document's theorems."""
    return _declined(errors) if exit_code != 0 else _assumptions(document, output)


def forbidden_word(text: str) -> str | None:
    """A word outside comments that would let a file assume what it should prove; None if there is none."""
    plain = COMMENT.sub(" ", text)
    return next((word for word in FORBIDDEN if re.search(rf"\b{re.escape(word)}\b", plain)), None)


def _declined(errors: str) -> Reply:
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    if any("Cannot find a physical path" in line or "Unable to locate library" in line for line in lines):
        return Reply(Answer.MISSING, f"a library of Coq was not found; {INSTALL}")
    said = next((number for number, line in enumerate(lines) if line.startswith("Error")), None)
    place = next((line for line in lines if line.startswith("File")), "")
    what = " ".join(lines[said : said + 4]) if said is not None else "coqc gave no reason"
    return Reply(Answer.DECLINED, f"{place} {what}"[:400].strip())


def _assumptions(document: Document, output: str) -> Reply:
    """The axioms that Coq printed, once, for all theorems together; without that nothing is proved."""
    answers = [part for part in re.split(r"(?m)^(?=Axioms:|Closed under the global context)", output) if part.strip()]
    if len(answers) != 1 or not document.stated:
        said = f"Coq printed axioms {len(answers)} times, not once, for {len(document.stated)} theorems"
        return Reply(Answer.DECLINED, said)
    found = sorted(set(re.findall(r"(?m)^([A-Za-z_][\w.']*)\s*(?::|$)", answers[0])))
    axioms = tuple(name for name in found if name not in ("Axioms", "Closed"))
    foreign = [name for name in axioms if name not in ALLOWED_AXIOMS]
    if foreign:
        return Reply(Answer.DECLINED, f"it rests on {', '.join(foreign[:5])}, not allowed in this file", axioms)
    return Reply(Answer.PROVED, "", axioms)
