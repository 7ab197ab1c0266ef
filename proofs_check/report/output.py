"""Writing results: all of a file or nothing, and one sentence when it cannot be done.

A file is written beside its target and then renamed onto it, so a full disk or an interruption never leaves half of it.
"""

from __future__ import annotations

import csv
import io
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import IO, Any

JSON_SCHEMA = 1


class StoppedByUser(Exception):
    """Ctrl-C in a command that can say, in one sentence, what was finished."""


def write_atomically(path: str | Path, write: Callable[[IO[bytes]], object]) -> None:
    """Call `write` on a binary file beside `path`, then rename that file onto `path`.

    A path that exists and is not a regular file (a device, a pipe) is written to directly, since it cannot be replaced.
    Raises InputError, one sentence, when the target cannot be written; nothing is left behind.
    """
    target = Path(path)
    try:
        if target.exists() and not target.is_file():
            if target.is_dir():
                raise IsADirectoryError(21, "it is a folder")
            with target.open("wb") as stream:
                write(stream)
            return
        _write_beside_and_rename(target, write)
    except OSError as error:
        raise _unwritable(str(path), error) from error


def _write_beside_and_rename(target: Path, write: Callable[[IO[bytes]], object]) -> None:
    target = Path(os.path.realpath(target))  # keep a symbolic link: replace what it points to
    part = _write_part(target, write)
    try:
        os.replace(part, target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def write_together(contents: Mapping[str | Path, bytes]) -> None:
    """Write files that belong together: when one of them cannot be written, none is.

    Each is written beside its target before the first is renamed. Raises InputError as `write_atomically` does.
    """
    parts: list[tuple[Path, Path]] = []
    place: str | Path = ""
    try:
        for place, content in contents.items():
            check_writable(place)
            target = Path(os.path.realpath(place))
            parts.append((_write_part(target, partial(_write_content, content)), target))
        for part, target in parts:
            os.replace(part, target)
    except OSError as error:
        raise _unwritable(str(place), error) from error
    finally:
        for part, _ in parts:
            part.unlink(missing_ok=True)


def _write_content(content: bytes, stream: IO[bytes]) -> None:
    stream.write(content)


def _write_part(target: Path, write: Callable[[IO[bytes]], object]) -> Path:
    """A finished file beside the target, to be renamed onto it; nothing is left when it cannot be finished."""
    descriptor, part = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(part, _mode_for(target))
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
    return Path(part)


def _mode_for(target: Path) -> int:
    """The permissions of the file that is replaced, or those a new file would get."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _unwritable(place: str, error: OSError) -> Exception:
    from ...numerics.errors import InputError

    why = error.strerror or str(error)
    return InputError(f"cannot write {place}: {why[:1].lower()}{why[1:]}; name a writable file on a disk with room")


def check_writable(path: str | Path) -> None:
    """Raise InputError now if `path` (- is standard output) cannot be written, before long work is done for nothing."""
    if str(path) == "-":
        return
    target = Path(path)
    if target.is_dir():
        raise _unwritable(str(path), IsADirectoryError(21, "it is a folder"))
    if not target.exists() and not target.parent.is_dir():
        raise _unwritable(str(path), FileNotFoundError(2, f"there is no folder {target.parent}"))
    if not os.access(target if target.exists() else target.parent, os.W_OK):
        raise _unwritable(str(path), PermissionError(13, "permission denied"))


def write_text_atomically(path: str | Path, text: str) -> None:
    """Write `text` (UTF-8) to `path`, all of it or nothing; raises InputError when that is impossible."""
    write_atomically(path, lambda stream: stream.write(text.encode("utf-8")))


def write_standard_output(text: str) -> None:
    """Write `text` to standard output and flush it; a full disk behind a redirection raises InputError.

    It is not an error when the other end of the pipe closes early (`| head`).
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        drop_standard_output()
    except OSError as error:
        drop_standard_output()
        raise _unwritable("standard output", error) from error


def drop_standard_output() -> None:
    """Send the rest of standard output nowhere, so that Python does not try to write it again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def json_text(payload: Any) -> str:
    """`payload` as an indented JSON document."""
    return json.dumps(payload, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def write_json(path: str | Path, payload: Any) -> None:
    """Write `payload` as JSON to `path`, or to standard output for `-`; raises InputError when that is impossible.

    NaN and infinities are not JSON: the caller puts null in their place (`results.json_number`).
    """
    text = json_text(payload)
    if str(path) == "-":
        write_standard_output(text)
    else:
        write_text_atomically(path, text)


def csv_table(header: Sequence[str], rows: Iterable[Iterable[Any]]) -> bytes:
    """A CSV file (UTF-8, a line feed after each row) with numbers in full."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")
