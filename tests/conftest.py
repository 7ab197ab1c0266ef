"""Settings for all tests: deterministic Hypothesis, figures without a screen, and no silent skips."""

from __future__ import annotations

import functools
import gc
import importlib.util
import os
import shutil
import sys
from collections import Counter
from pathlib import Path

import hypothesis
import pytest

os.environ.setdefault("MPLBACKEND", "Agg")

# What is loaded while tests are collected stays: garbage collection, then and later, takes a tenth of the time and
# finds nothing.
gc.disable()

# The tools are scripts, not part of the distribution; their tests import them by file name.
sys.path.append(str(Path(__file__).parents[1] / "tools"))

# All profiles draw the same cases on every run: a red test must be red again. `make test` draws a fifth of the cases
# that the slow stage draws, with --hypothesis-profile=thorough. A test that needs more or fewer than the usual number
# names a share of `settings().max_examples`. `ci` is the name Hypothesis picks by itself when CI is set.
for profile, cases in (("default", 20), ("ci", 20), ("thorough", 100)):
    hypothesis.settings.register_profile(
        profile,
        max_examples=cases,
        derandomize=True,
        deadline=None,
        database=None,
        print_blob=False,
        suppress_health_check=(),
    )
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "default")

OPTIONAL_TOOLS = {
    "coq": lambda: shutil.which("coqc") is not None,
    "cvxpy": lambda: _installed("cvxpy", "clarabel"),
    "z3": lambda: _installed("z3"),
    "pyarrow": lambda: _installed("pyarrow"),
    "distributed": lambda: _installed("distributed"),
}
"""Markers of tests that need a tool. Such tests are skipped where it is missing, which does not count as a failure."""
REQUIRED = "EARLY_ALIGNMENT_REQUIRED_TOOLS"
"""The environment variable by which continuous integration demands tools, for instance "coq cvxpy z3"."""

_unexpected_skips: list[str] = []


def _installed(*names: str) -> bool:
    return all(importlib.util.find_spec(name) for name in names)


@functools.cache
def _is_there(tool: str) -> bool:
    return OPTIONAL_TOOLS[tool]()


def pytest_configure(config: pytest.Config) -> None:
    wanted = os.environ.get(REQUIRED, "").split()
    unknown = [tool for tool in wanted if tool not in OPTIONAL_TOOLS]
    if unknown:
        raise pytest.UsageError(f"{REQUIRED} names {unknown[0]}; it may name {' '.join(OPTIONAL_TOOLS)}")
    missing = [tool for tool in wanted if not _is_there(tool)]
    if missing:
        raise pytest.UsageError(f"{REQUIRED} names {' '.join(missing)}, not installed here")


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for tool in OPTIONAL_TOOLS:
            if item.get_closest_marker(tool) is not None and not _is_there(tool):
                item.add_marker(pytest.mark.skip(reason=f"{tool} is not installed"))
                item.user_properties.append(("missing tool", tool))


def _note_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """A skipped test is a check that did not run: only a missing optional tool excuses it."""
    excused = any(name == "missing tool" for name, _ in getattr(report, "user_properties", ()))
    if report.skipped and not hasattr(report, "wasxfail") and not excused:
        _unexpected_skips.append(report.nodeid)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _note_skip(report)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    _note_skip(report)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if _unexpected_skips and exitstatus == pytest.ExitCode.OK and not hasattr(session.config, "workerinput"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    excused = Counter(
        tool
        for report in terminalreporter.stats.get("skipped", ())
        for name, tool in getattr(report, "user_properties", ())
        if name == "missing tool"
    )
    for tool, count in excused.items():
        terminalreporter.write_line(f"not run, since {tool} is not installed (it is optional): {count} tests")
    for nodeid in _unexpected_skips:
        terminalreporter.write_line(f"skipped, and not for want of an optional tool: {nodeid}", red=True)
