"""Run the fenced blocks of Markdown files, so that no command or output in the documentation can go stale.

The blocks of one document run in order, in one fresh copy of the repository's files, with the environment's commands on
PATH and without standard input. What the line that opens a block may say:

| line                            | meaning                                                                     |
|---------------------------------|-----------------------------------------------------------------------------|
| ```sh                           | run with bash -euo pipefail; must exit 0                                     |
| ```sh exit=1                    | must exit 1                                                                  |
| ```sh skip="reason"             | not run; the reason is printed                                               |
| ```python                       | run as a script; `exit` and `skip` as above                                  |
| ```python file="my_claim.py"    | written to that file (any language), for the blocks after it                 |
| ```text output                  | must equal what the block before it wrote to standard output                 |

`--update` rewrites the output blocks instead of comparing them. Exit code 1 when a block does not do as declared.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUNNABLE = ("sh", "python")
# Names under which a command block would escape the runner.
SHELL_ALIASES = ("bash", "shell", "console", "zsh", "shell-session", "py", "python3")
TIME_LIMIT = 600.0


class BlockError(Exception):
    """A block that cannot be read, or did not do as declared; the message says which and how."""


@dataclass(frozen=True)
class Block:
    """A fenced block: where it stands, its language, what its opening line declares, and its text.

    `line` is the number of the opening line, from 1.
    """

    document: str
    line: int
    language: str
    attributes: dict[str, str]
    text: str

    @property
    def place(self) -> str:
        """Document and line, as an editor opens them."""
        return f"{self.document}:{self.line}"

    @property
    def expected_exit(self) -> int:
        """The declared exit code, 0 when none is declared."""
        return int(self.attributes.get("exit", "0"))


def read_blocks(markdown: str, document: str) -> list[Block]:
    """All fenced blocks of a document, in order; raises BlockError when an opening line cannot be understood."""
    blocks = []
    opening: int | None = None
    lines = markdown.splitlines()
    for number, line in enumerate(lines):
        if not line.startswith("```"):
            continue
        if opening is None:
            opening = number
        else:
            text = "".join(f"{content}\n" for content in lines[opening + 1 : number])
            blocks.append(_block(document, opening + 1, lines[opening][3:], text))
            opening = None
    if opening is not None:
        raise BlockError(f"{document}:{opening + 1}: this block is never closed")
    return blocks


def _block(document: str, line: int, information: str, text: str) -> Block:
    place = f"{document}:{line}"
    language, *words = shlex.split(information) or [""]
    if language in SHELL_ALIASES:
        raise BlockError(f"{place}: a {language!r} block would not be run; write one of {', '.join(RUNNABLE)}")
    attributes = {}
    for word in words:
        name, _, value = word.partition("=")
        if name not in ("exit", "skip", "file", "output"):
            raise BlockError(f'{place}: unknown word {word!r}; known are exit=N, skip="reason", file=NAME and output')
        attributes[name] = value
    if "skip" in attributes and not attributes["skip"].strip():
        raise BlockError(f'{place}: skip needs a reason, as in skip="creates the environment"')
    if not attributes.get("exit", "0").isdigit():
        raise BlockError(f"{place}: exit must be a number, not {attributes['exit']!r}")
    return Block(document, line, language, attributes, text)


def copy_repository(target: Path) -> None:
    """Copy the repository's files (tracked, or new and not ignored) to `target` and link the environment into it.

    The copies are dated before the environment's stamp, so that `make` inside the copy finds it up to date.
    """
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    environment = Path(sys.prefix)
    date = (environment / "pyvenv.cfg").stat().st_mtime
    for name in filter(None, listed.stdout.decode().split("\0")):
        source, copy = ROOT / name, target / name
        if source.is_file():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
            shutil.copymode(source, copy)
            os.utime(copy, (date, date))
    (target / ".venv").symlink_to(environment)


def _command(block: Block, scripts: Path) -> list[str]:
    if block.language == "sh":
        return ["bash", "-euo", "pipefail", "-c", block.text]
    # The script stands outside the copy: Python puts a script's folder, not the working directory, on its path.
    script = scripts / f"block_{block.line}.py"
    script.write_text(block.text)
    return [sys.executable, str(script)]


def run_block(block: Block, folder: Path, scripts: Path, time_limit: float = TIME_LIMIT) -> str:
    """Run one sh or python block in `folder`; its standard output, or BlockError on another exit code."""
    environment = {**os.environ, "PATH": f"{Path(sys.prefix) / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    try:
        result = subprocess.run(
            _command(block, scripts),
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=time_limit,
        )
    except subprocess.TimeoutExpired as error:
        raise BlockError(f"{block.place}: still running after {time_limit:g} s\n{block.text}") from error
    if result.returncode != block.expected_exit:
        raise BlockError(
            f"{block.place}: exit code {result.returncode}, declared {block.expected_exit}\n"
            f"{block.text}--- standard output\n{result.stdout}--- standard error\n{result.stderr}"
        )
    return result.stdout


def normalised(output: str) -> str:
    """`output` without trailing spaces and outer blank lines."""
    return "\n".join(line.rstrip() for line in output.strip("\n").splitlines())


def run_document(
    markdown: str,
    document: str,
    report: Callable[[str], object] = print,
    prepare: Callable[[Path], None] = copy_repository,
    update: bool = False,
) -> str:
    """Run all blocks of a document; the document, with its output blocks rewritten when `update` is true.

    Raises BlockError at the first block that does not do as declared.
    """
    lines = markdown.splitlines(keepends=True)
    replacements: list[tuple[Block, str]] = []
    output: str | None = None
    with tempfile.TemporaryDirectory() as copy, tempfile.TemporaryDirectory() as scripts:
        folder = Path(copy)
        prepare(folder)
        for block in read_blocks(markdown, document):
            if "skip" in block.attributes:
                report(f"{block.place}: not run, {block.attributes['skip']}")
                output = None
            elif "file" in block.attributes:
                target = folder / block.attributes["file"]
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(block.text)
                report(f"{block.place}: written to {block.attributes['file']}")
            elif "output" in block.attributes:
                if output is None:
                    raise BlockError(f"{block.place}: an output block needs a block before it that runs")
                if update:
                    replacements.append((block, normalised(output)))
                elif normalised(output) != normalised(block.text):
                    raise BlockError(
                        f"{block.place}: the output differs\n--- printed here\n{block.text}--- got\n{output}"
                    )
                else:
                    report(f"{block.place}: output as printed")
            elif block.language in RUNNABLE:
                output = run_block(block, folder, Path(scripts))
                report(f"{block.place}: exit code {block.expected_exit} as declared")
    for block, text in reversed(replacements):
        lines[block.line : block.line + block.text.count("\n")] = [f"{text}\n"]
    return "".join(lines)


def main(arguments: Iterable[str] | None = None) -> int:
    """Run the documents named on the command line; 0 when every block does as declared."""
    parser = argparse.ArgumentParser(description="Run the fenced blocks of Markdown files.")
    parser.add_argument("documents", nargs="+", type=Path)
    parser.add_argument("--update", action="store_true", help="rewrite the output blocks")
    options = parser.parse_args(None if arguments is None else list(arguments))
    failures = 0
    for path in options.documents:
        try:
            markdown = path.read_text()
            updated = run_document(markdown, str(path), update=options.update)
            if options.update and updated != markdown:
                path.write_text(updated)
        except BlockError as error:
            failures += 1
            print(error, file=sys.stderr)
    print(f"{len(options.documents) - failures} of {len(options.documents)} documents do as they say")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
