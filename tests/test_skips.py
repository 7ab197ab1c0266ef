"""Tests may be skipped where an optional tool is missing, and for no other reason; CI can require the tools."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).with_name("conftest.py")
NEEDS_COQ = "import pytest\n@pytest.mark.coq\ndef test_kernel(): pass\ndef test_plain(): pass\n"
SKIPS = "import pytest\ndef test_skipped(): pytest.skip('another reason')\ndef test_plain(): pass\n"
SKIPS_MODULE = "import pytest\npytest.skip('the whole file', allow_module_level=True)\n"


def outcome(folder: Path, files: dict[str, str], path: str, *options: str, **variables: str) -> tuple[int, str]:
    """The exit code and output of pytest, in one more process, on files beside our conftest."""
    tests = folder / "tests"
    tests.mkdir(exist_ok=True)
    shutil.copy(CONFTEST, tests)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n    coq: needs Coq\n")
    for name, text in files.items():
        (tests / name).write_text(text)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options, "tests"]
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "EARLY_"))}
    done = subprocess.run(
        command, cwd=folder, env={**plain, "PATH": path, **variables}, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_a_missing_optional_tool_is_reported_and_does_not_fail(tmp_path):
    code, text = outcome(tmp_path, {"test_it.py": NEEDS_COQ}, "", "-n", "1")
    assert code == 0
    assert "coq is not installed" in text
    assert "1 passed, 1 skipped" in text


def test_a_test_runs_where_its_tool_is_installed(tmp_path):
    coqc = tmp_path / "coqc"
    coqc.write_text("#!/bin/sh\n")
    coqc.chmod(0o755)
    code, text = outcome(tmp_path, {"test_it.py": NEEDS_COQ}, str(tmp_path), EARLY_ALIGNMENT_REQUIRED_TOOLS="coq")
    assert code == 0
    assert "2 passed" in text


def test_a_required_tool_must_be_installed(tmp_path):
    code, text = outcome(tmp_path, {"test_it.py": NEEDS_COQ}, "", EARLY_ALIGNMENT_REQUIRED_TOOLS="coq")
    assert code == pytest.ExitCode.USAGE_ERROR
    assert "EARLY_ALIGNMENT_REQUIRED_TOOLS names coq" in text


def test_any_other_skip_fails(tmp_path):
    code, text = outcome(tmp_path, {"test_one.py": SKIPS, "test_two.py": SKIPS_MODULE}, "", "-n", "1")
    assert code == pytest.ExitCode.TESTS_FAILED
    for place in ("test_one.py::test_skipped", "test_two.py"):
        assert f"not for want of an optional tool: tests/{place}" in text
