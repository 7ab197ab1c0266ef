"""What `verify` shows while it runs: a line for each verdict as it falls and, on a terminal, a progress bar.

Piped, nothing moves: the lines come in the order of the claims, each as soon as those before it are decided, so that
two runs print the same.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from ..claim.results import ClaimReport, Verdict
from ..verify.verification import Watcher
from .terminal import console_for
from .verdicts import verdict_style

WIDEST_VERDICT = max(len(verdict) for verdict in Verdict)


class _Lines(Watcher):
    """A line for each verdict: at once, or in the order of the claims."""

    def __init__(self, console: Console | None, ordered: bool) -> None:
        self.console, self.ordered = console, ordered
        self.order: list[str] = []
        self.held: dict[str, ClaimReport] = {}

    def begin(self, claims: Sequence[str]) -> None:
        self.order = list(claims)

    def decided(self, report: ClaimReport) -> None:
        if not self.ordered:
            self._print(report)
            return
        self.held[report.id] = report
        while self.order and self.order[0] in self.held:
            self._print(self.held.pop(self.order.pop(0)))

    def _print(self, report: ClaimReport) -> None:
        if self.console is None:
            return
        line = Text(f"{report.verdict:<{WIDEST_VERDICT}}", style=verdict_style(report))
        line.append(f"  {report.id}", style="default")
        self.console.print(line)


class _Bar(_Lines):
    """The same above a progress bar."""

    def __init__(self, console: Console | None, ordered: bool, bar: Progress) -> None:
        super().__init__(console, ordered)
        self.bar, self.claims, self.count = bar, 0, 0
        self.task: TaskID = bar.add_task("reading the claims", total=None)

    def begin(self, claims: Sequence[str]) -> None:
        super().begin(claims)
        self.claims = len(claims)

    def decided(self, report: ClaimReport) -> None:
        self.count += 1
        super().decided(report)

    def progress(self, settled: int, total: int) -> None:
        said = f"{self.count} of {self.claims} claims decided"
        self.bar.update(self.task, completed=settled, total=total, description=said)


@contextlib.contextmanager
def screen(lines: bool) -> Iterator[Watcher]:
    """A watcher for `verify`; without `lines`, standard output belongs to something else, and no verdict is printed."""
    console = console_for() if lines else None
    if not sys.stderr.isatty():
        yield _Lines(console, ordered=not sys.stdout.isatty())
        return
    together = console is not None and console.is_terminal
    above = console if together else Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=above, transient=True) as bar:
        yield _Bar(console, not together, bar)
