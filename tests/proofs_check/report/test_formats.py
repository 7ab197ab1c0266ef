"""Reports of `verify` as files: nothing is missing in them, and what cannot be written is refused before any check."""

from __future__ import annotations

import json
import re

import pytest

from early_alignment import InputError, verify
from early_alignment.proofs_check.report import formats
from early_alignment.proofs_check.report.formats import check_report, write_report

BODY = """
@property_check(st.integers(1, 3), quick=3)
def drawn(statement, x):
    "For x | y and *z* < `w`, a_j and [b]."
    return Margin(statement["power"] - 2, 0, "x", {"x": x})
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return verify("flow.balancedness", remember=True)


def test_the_json_report_is_the_document_of_the_run(run, tmp_path):
    write_report(str(tmp_path / "r.json"), run)
    assert json.loads((tmp_path / "r.json").read_text()) == run.to_json()


def test_the_markdown_report_names_every_claim_with_all_its_parts(run, tmp_path):
    write_report(str(tmp_path / "r.md"), run)
    page = (tmp_path / "r.md").read_text()
    for claim in run.claims:
        section = page.partition(f"## {claim.id}\n")[2].partition("\n## ")[0]
        assert f"**{claim.verdict}**" in section
        assert claim.statement in section
        assert section.count("\n- Hypothesis: ") == len(claim.hypotheses)
        rows = [line for line in section.splitlines() if line.startswith("| ")]
        assert len(rows) == 2 + len(claim.evidence) + len(claim.mutants)


def test_rows_of_a_table_have_as_many_cells_as_its_head(claim_file, tmp_path):
    write_report(str(tmp_path / "r.md"), verify(claim_file(BODY)))
    cells = [
        len(re.findall(r"(?<!\\)\|", line)) for line in (tmp_path / "r.md").read_text().splitlines() if line[:1] == "|"
    ]
    assert set(cells) == {3, 4, 7}
    assert sorted(set(cells), key=cells.index) == [4, 7, 3]


def test_a_module_in_the_folder_is_all_that_a_format_needs(run, tmp_path, monkeypatch):
    (tmp_path / "ids.py").write_text("def text(run):\n    return ' '.join(claim.id for claim in run.claims)\n")
    monkeypatch.setattr(formats, "__path__", [*formats.__path__, str(tmp_path)])
    check_report(str(tmp_path / "r.ids"))
    write_report(str(tmp_path / "r.ids"), run)
    assert (tmp_path / "r.ids").read_text().split()[-1] == "flow.balancedness"


@pytest.mark.parametrize("name", ["report.pdf", "report", "no/such/folder/report.md"])
def test_what_cannot_be_written_is_refused(name):
    with pytest.raises(InputError):
        check_report(name)
