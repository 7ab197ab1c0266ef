"""Settings for all tests: deterministic Hypothesis, figures without a screen, and no silent skips."""

import os
import sys
from pathlib import Path

import hypothesis
import pytest

os.environ.setdefault("MPLBACKEND", "Agg")

# The tools are scripts, not part of the distribution; their tests import them by file name.
sys.path.append(str(Path(__file__).parents[1] / "tools"))

# Both profiles draw the same cases on every run: a red test must be red again. `ci` is the name Hypothesis picks by
# itself when CI is set, so it is overridden by the same settings.
for profile in ("default", "ci"):
    hypothesis.settings.register_profile(
        profile, derandomize=True, deadline=None, database=None, print_blob=False, suppress_health_check=()
    )
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "default")

# A skipped test is a check that did not run. Each one allowed stands here, as the start of its node id and the reason.
EXPECTED_SKIPS: dict[str, str] = {}

_unexpected_skips: list[str] = []


def _note_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail") and not report.nodeid.startswith(tuple(EXPECTED_SKIPS)):
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
    for nodeid in _unexpected_skips:
        terminalreporter.write_line(f"skipped without being listed in tests/conftest.py: {nodeid}", red=True)
