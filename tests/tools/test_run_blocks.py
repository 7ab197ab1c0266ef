"""The block runner must fail when a block of the documentation fails, and for that reason only."""

from pathlib import Path

import pytest
import run_blocks


def run(markdown: str, *, update: bool = False) -> str:
    """Run a document in an empty folder."""
    return run_blocks.run_document(markdown, "page.md", report=lambda _: None, prepare=lambda _: None, update=update)


def fenced(information: str, text: str) -> str:
    return f"```{information}\n{text}\n```\n"


def test_blocks_share_their_files_in_order() -> None:
    document = (
        fenced("sh", "echo 3 > number.txt")
        + fenced("python", "print(2 * int(open('number.txt').read()))")
        + fenced("text output", "6")
    )
    assert run(document) == document


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (fenced("sh", "false"), r"page.md:1: exit code 1, declared 0"),
        (fenced("sh", "false | true"), r"exit code 1"),
        (fenced("sh", "false\ntrue"), r"exit code 1"),
        (fenced("sh", "echo $surely_not_set"), r"unbound variable"),
        (fenced("sh exit=2", "exit 1"), r"exit code 1, declared 2"),
        (fenced("sh exit=1", "true"), r"exit code 0, declared 1"),
        ("words\n\n" + fenced("python", "raise SystemExit(3)"), r"page.md:3: exit code 3"),
        (fenced("sh", "echo 1") + fenced("text output", "2"), r"page.md:4: the output differs"),
        (fenced("text output", "2"), r"needs a block before it"),
        (fenced("sh skip", "false"), r"skip needs a reason"),
        (fenced("sh skp=1", "false"), r"unknown word 'skp=1'"),
        (fenced("sh exit=one", "false"), r"exit must be a number"),
        (fenced("bash", "false"), r"would not be run"),
        ("```sh\nfalse\n", r"page.md:1: this block is never closed"),
    ],
)
def test_a_block_that_does_otherwise_is_refused(document: str, message: str) -> None:
    with pytest.raises(run_blocks.BlockError, match=message):
        run(document)


def test_declared_exit_codes_skips_and_files_are_obeyed() -> None:
    document = (
        fenced('python file="sub/seven.py"', "raise SystemExit(7)")
        + fenced("sh exit=7", "python3 sub/seven.py")
        + fenced('sh skip="would fail"', "false")
        + fenced("json", "{}")
    )
    assert run(document) == document


def test_standard_input_is_empty() -> None:
    assert run(fenced("sh", "cat; echo end") + fenced("text output", "end"))


def test_update_rewrites_the_outputs_and_nothing_else() -> None:
    before = "top\n" + fenced("sh", "echo 1; echo 2") + fenced("text output", "old") + "end\n"
    after = run(before, update=True)
    assert after == before.replace("old", "1\n2")
    assert run(after) == after


def test_a_block_that_hangs_is_stopped(tmp_path: Path) -> None:
    (block,) = run_blocks.read_blocks(fenced("sh", "sleep 60"), "page.md")
    with pytest.raises(run_blocks.BlockError, match="still running"):
        run_blocks.run_block(block, tmp_path, tmp_path, time_limit=0.2)


def test_the_command_line_counts_failures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "good.md", tmp_path / "bad.md"
    good.write_text(fenced("json", "{}"))
    bad.write_text(fenced("bash", "true"))
    assert run_blocks.main([str(good)]) == 0
    assert run_blocks.main([str(good), str(bad)]) == 1
    assert "1 of 2 documents" in capsys.readouterr().out


def test_the_copy_holds_the_repository_and_its_environment(tmp_path: Path) -> None:
    run_blocks.copy_repository(tmp_path)
    assert (tmp_path / "pyproject.toml").read_text() == (run_blocks.ROOT / "pyproject.toml").read_text()
    assert (tmp_path / ".venv" / "pyvenv.cfg").is_file()
