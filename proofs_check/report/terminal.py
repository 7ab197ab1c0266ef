"""What is printed for a person: as wide as the terminal, and plain when it is piped."""

from __future__ import annotations

import textwrap

from rich.console import Console
from rich.text import Text

from .output import drop_standard_output

PIPED_WIDTH = 110
"""Width in characters where there is no terminal."""


def console_for(stderr: bool = False) -> Console:
    """A console that is as wide as the terminal, and plain and of a fixed width when the output is piped."""
    console = _PatientConsole(stderr=stderr, highlight=False, soft_wrap=False)
    if not console.is_terminal:
        return _PatientConsole(stderr=stderr, highlight=False, width=PIPED_WIDTH, color_system=None)
    return console


class _PatientConsole(Console):
    """A console whose output may close early (`| head`): the rest is dropped, and the exit code stays the command's."""

    def on_broken_pipe(self) -> None:
        self.quiet = True
        drop_standard_output()


def hanging(text: str, width: int) -> Text:
    """The text wrapped to the width, every line but the first indented further; line breaks are not kept."""
    margin = "  " + " " * (len(text) - len(text.lstrip(" ")))
    lines = textwrap.fill(
        text.lstrip(" "),
        max(width, len(margin) + 20),
        initial_indent=margin,
        subsequent_indent=margin + "  ",
        break_on_hyphens=False,
    )
    return Text(lines)
