"""docs/theory.md: citations lead to items, items and claims name each other, and formulas are well formed."""

from pathlib import Path

import pytest
import theory_reference as tool

# Written in pieces, so that the examples are not taken for citations.
CITED = "theory" + ".md "
SMALL = """# Notes

## <a id="item-1"></a>1. Setting

Here $x > 0$.

## <a id="item-2"></a>2. Results

### <a id="item-2-1"></a>2.1 First

<a id="item-2-1a"></a>(a) For all $x$, see [2.2](#item-2-2).

*Status:* proved.
*Source:* elementary.
*Claims:* [`area.first`](first.py).

### <a id="item-2-2"></a>2.2 Second

$$
\\left( x \\right)^{2} \\ge 0
$$

*Status:* proved.
*Source:* elementary.
*Claims:* not yet checked by a claim.
"""


@pytest.fixture
def small() -> tool.TheoryText:
    return tool.TheoryText(SMALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "first.py").write_text('CLAIM = Claim(\n    id="area.first",\n)\n')
    return tmp_path


def changed(old: str, new: str) -> tool.TheoryText:
    assert SMALL.count(old) == 1
    return tool.TheoryText(SMALL.replace(old, new))


def test_the_reference_agrees_with_the_repository() -> None:
    assert list(tool.problems()) == []


def test_the_lines_of_claims_are_made_from_what_the_claims_cite() -> None:
    cited = {"area.second": "2.1-2.2", "area.first-part": "2.1"}
    files = {"area.second": "claims/area/second.py", "area.first-part": "claims/area/chapter/first_part.py"}
    text = tool.with_claims(tool.TheoryText(SMALL), cited, files)
    second = "[`area.second`](../claims/area/second.py)."
    first = "[`area.first-part`](../claims/area/chapter/first_part.py)"
    assert [" ".join(line.split()) for line in tool.CLAIMS_LINE.findall(text)] == [
        f"*Claims:* {first}, {second}",
        f"*Claims:* {second}",
    ]
    assert tool.UNCHECKED in tool.with_claims(tool.TheoryText(text), {"area.first-part": "2.1"}, files)


def test_the_citations_of_the_repository_are_found() -> None:
    """Every section that states something is cited somewhere, so the scan reads what it is meant to read."""
    items = {item for path in tool.citing_files() for _, item in tool.citations(path.read_text(encoding="utf-8"))}
    assert {item.partition(".")[0] for item in items} >= {"1", "2", "3", "4", "5", "6", "7"}


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("3.4)", ["3.4"]),
        ("2.1, 2.2, 2.4), for every width", ["2.1", "2.2", "2.4"]),
        ("4.1-4.3.", ["4.1", "4.2", "4.3"]),
        ("2.6, 3.1-3.3: a text", ["2.6", "3.1", "3.2", "3.3"]),
        ("2-4).", ["2", "3", "4"]),
        ("section 6, as printed", ["6"]),
        ("2.1 and 3.6, with the correlation", ["2.1", "3.6"]),
        ("items 2.1,\n    # 2.3 and 40 points", ["2.1", "2.3", "40"]),
        ("12.6a", ["12.6a"]),
        ("6.3: 1/sqrt(5)", ["6.3"]),
        ("7, typed again", ["7"]),
        ("| needs", []),
    ],
)
def test_citations_of_theory_items_are_parsed(text: str, items: list[str]) -> None:
    for title in (CITED, CITED.capitalize(), "(`" + CITED.strip() + "` ", "docs/" + CITED, CITED.strip() + "\n    # "):
        assert [item for _, item in tool.citations(title + text)] == items


def test_a_citation_of_an_item_that_does_not_exist_is_found(small: tool.TheoryText) -> None:
    text = f"# {CITED}2.1, 2.1a\n# {CITED}2.1-2.3\n# {CITED}3\n# {CITED}2.1b"
    assert list(tool.unknown_citations(small, text)) == [(2, "2.3"), (3, "3"), (4, "2.1b")]


@pytest.mark.parametrize("listed", ["", "6, classification", "4.3-4.1", "4.1-5.2", "2.x", "1, 2,"])
def test_text_that_is_not_a_list_of_items_is_refused(listed: str) -> None:
    with pytest.raises(ValueError, match=r"not a (list|range) of items"):
        tool.expand(listed)


def test_the_small_example_has_no_problem(small: tool.TheoryText, folder: Path) -> None:
    assert list(tool.structure(small)) == []
    assert list(tool.link_problems(small, folder)) == []
    assert list(tool.formula_problems(small.text)) == []
    assert list(tool.claim_problems(small, {"area.first": "2.1"}, folder)) == []
    assert list(tool.claim_problems(small, {"area.first": "2"}, folder)) == []


@pytest.mark.parametrize(
    ("cited", "problem"),
    [
        ({"area.first": "2.1, 2.2"}, "claim area.first cites item 2.2, which does not name it"),
        ({"area.first": "2.1", "area.second": "2.3"}, "claim area.second cites item 2.3, which does not exist"),
        ({"area.first": "2.1", "area.second": "1"}, "claim area.second cites item 1, which does not name it"),
        ({"area.first": "2.1", "area.second": ""}, "claim area.second: '' is not a list of items"),
        ({}, "item 2.1 names the claim area.first, which does not exist"),
    ],
)
def test_claims_and_items_must_name_each_other(
    small: tool.TheoryText, folder: Path, cited: dict[str, str], problem: str
) -> None:
    (found,) = tool.claim_problems(small, cited, folder)
    assert found.startswith(problem)


def test_a_claim_is_linked_to_the_file_that_defines_it(small: tool.TheoryText, folder: Path) -> None:
    (folder / "first.py").write_text('id="area.other"')
    (found,) = tool.claim_problems(small, {"area.first": "2.1"}, folder)
    assert "does not define it" in found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<a id="item-2-2"></a>2.2', '<a id="item-2-1"></a>2.2'),
        ('<a id="item-2-2"></a>2.2', '<a id="item-2-3"></a>2.2'),
        ('<a id="item-2-2"></a>2.2', "2.2"),
        ("proved.\n*Source:* elementary.\n*Claims:* not", "proved.\n*Claims:* not"),
        ("not yet checked by a claim", "none"),
    ],
)
def test_the_structure_of_items_is_checked(old: str, new: str) -> None:
    assert list(tool.structure(changed(old, new))) != []


@pytest.mark.parametrize("target", ["#item-2-3", "second.py"])
def test_dead_links_are_found(folder: Path, target: str) -> None:
    (found,) = tool.link_problems(changed("#item-2-2", target), folder)
    assert target in found


@pytest.mark.parametrize(
    "text",
    [
        "one $x$ and $y",
        "$$\nx\n$",
        "$x$ $\n\n$ y$",
        "$x_{k$",
        "$x}_{k$",
        r"$\left( x )$",
        r"$\{x\}$",
        r"$a\,b$",
        "$x^*$",
    ],
)
def test_broken_formulas_are_found(text: str) -> None:
    assert list(tool.formula_problems(text)) != []
