"""Check docs/theory.md against the repository: citations, claims, links and the delimiters of its formulas.

`python tools/theory_reference.py` prints every problem and exits with 1 if there is one. With `--write` it writes the
lines *Claims:*, which follow from what the claims cite.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from early_alignment.proofs_check.claim import registry

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "theory.md"

NUMBER = r"\d{1,2}(?:\.\d{1,2}[a-z]?)?(?![\w]|\.\d)"
GAP = r"(?:[ \t]+|[ \t]*\n[ \t]*(?:(?:#:?|\*|>)[ \t]+)?)"
"""Blanks, or a line break with the mark of a comment behind it."""
SPAN = rf"{NUMBER}(?:[-–]{NUMBER})?"
ITEMS = rf"{SPAN}(?:(?:,|{GAP}and|,{GAP}and){GAP}{SPAN})*"
CITATION = re.compile(rf"theory\.md`?,?{GAP}(?:(?:items?|sections?){GAP})?({ITEMS})", re.IGNORECASE)

HEADING = re.compile(r'^(#{2,3}) <a id="([^"]*)"></a>(\d+(?:\.\d+)?)\.? (.+)$', re.MULTILINE)
ANCHOR = re.compile(r'<a id="([^"]*)"></a>')
CLAIM_LINK = re.compile(r"\[`([a-z-]+\.[a-z0-9-]+)`\]\(([^)\s]+)\)")
LINK = re.compile(r"\]\(([^)\s]+)\)")
LAST_LINES = ("*Status:*", "*Source:*", "*Claims:*")
UNCHECKED = "not yet checked by a claim"
CLAIMS_LINE = re.compile(r"\*Claims:\*.*?(?=\n\n|\Z)", re.DOTALL)


def anchor(item: str) -> str:
    """The anchor of an item: `item-3-9` for 3.9."""
    return "item-" + item.replace(".", "-")


def expand(listed: str) -> list[str]:
    """The items that a list such as "2.1, 2.4" or "4.1-4.3" names; ValueError if it is no such list."""
    if not re.fullmatch(ITEMS, listed):
        raise ValueError(f"{listed!r} is not a list of items such as '3.4', '2.1, 2.4' or '4.1-4.3'")
    items: list[str] = []
    for span in re.split(rf",?{GAP}and{GAP}|,{GAP}", listed):
        first, *rest = re.split("[-–]", span)
        items.extend(_range(first, rest[0]) if rest else [first])
    return items


def _range(first: str, last: str) -> list[str]:
    """All items from the first to the last; both are sections, or belong to one section."""
    *section, start = first.split(".")
    *same, stop = last.split(".")
    if section != same or not start.isdigit() or not stop.isdigit() or int(start) >= int(stop):
        raise ValueError(f"{first}-{last} is not a range of items")
    return [".".join((*section, str(number))) for number in range(int(start), int(stop) + 1)]


def citations(text: str) -> Iterator[tuple[int, str]]:
    """(line, item) for every item of theory.md that a text cites, also where a comment breaks the line."""
    for found in CITATION.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        for item in expand(found[1]):
            yield line, item


@dataclass(frozen=True)
class TheoryText:
    """The text of docs/theory.md, and what is read from it."""

    text: str

    @cached_property
    def anchors(self) -> list[str]:
        return ANCHOR.findall(self.text)

    @cached_property
    def sections(self) -> dict[str, str]:
        """The text under each numbered heading, by number; a section ends where the next heading begins."""
        heads = list(HEADING.finditer(self.text))
        ends = [*(head.start() for head in heads[1:]), len(self.text)]
        return {head[3]: self.text[head.end() : end] for head, end in zip(heads, ends, strict=True)}

    @cached_property
    def claims(self) -> dict[str, dict[str, str]]:
        """For each item the claims that it says check it, with the target of each link."""
        return {item: dict(CLAIM_LINK.findall(self._last(text))) for item, text in self.sections.items()}

    @staticmethod
    def _last(text: str) -> str:
        return text.partition("*Claims:*")[2]

    def has(self, item: str) -> bool:
        """Whether an item, a lettered part of one, or a whole section exists."""
        return anchor(item) in self.anchors

    def claims_at(self, item: str) -> set[str]:
        """The claims named at an item, or anywhere in a section when the item is one."""
        return {
            claim for at, claims in self.claims.items() if at == item or at.startswith(f"{item}.") for claim in claims
        }


def structure(reference: TheoryText) -> Iterator[str]:
    """Anchors are unique and belong to their headings; every item ends with its status, source and claims."""
    for name, times in Counter(reference.anchors).items():
        if times > 1:
            yield f"the anchor {name} stands {times} times"
    for head in HEADING.finditer(reference.text):
        if head[2] != anchor(head[3]):
            yield f"the heading {head[3]} has the anchor {head[2]}, not {anchor(head[3])}"
    numbered = len(re.findall(r"^#{2,3} .*\d", reference.text, re.MULTILINE))
    if numbered != len(reference.sections):
        yield f"{numbered} headings have a number, but only {len(reference.sections)} of them an anchor"
    for item, text in reference.sections.items():
        if not _is_definition(item):
            for mark in LAST_LINES:
                if text.count(mark) != 1:
                    yield f"item {item} must have one line {mark}"
            if not reference.claims[item] and UNCHECKED not in text:
                yield f"item {item} names no claim and does not say {UNCHECKED!r}"


def _is_definition(item: str) -> bool:
    """Sections as a whole, and the notation, state nothing that could be checked."""
    return "." not in item or item.startswith("1.")


def claim_problems(reference: TheoryText, cited: Mapping[str, str], folder: Path) -> Iterator[str]:
    """Claims and items name each other, and links lead to the claims; `cited` maps claim ids to what each cites."""
    for item, named in reference.claims.items():
        for claim, target in named.items():
            if claim not in cited:
                yield f"item {item} names the claim {claim}, which does not exist"
            elif not _defines(folder / target, claim):
                yield f"item {item} links the claim {claim} to {target}, which does not define it"
    for claim, listed in cited.items():
        try:
            items = expand(listed)
        except ValueError as error:
            yield f"claim {claim}: {error}"
            continue
        for item in items:
            if not reference.has(item):
                yield f"claim {claim} cites item {item}, which does not exist"
            elif claim not in reference.claims_at(item):
                yield f"claim {claim} cites item {item}, which does not name it"


def _defines(path: Path, claim: str) -> bool:
    return path.is_file() and f'id="{claim}"' in path.read_text(encoding="utf-8")


def with_claims(reference: TheoryText, cited: Mapping[str, str], files: Mapping[str, str]) -> str:
    """The text with the line *Claims:* of every item made from the claims that cite it, in alphabetical order.

    `files` maps claim ids to the files that the links lead to.
    """
    text = reference.text
    for item, section in reference.sections.items():
        found = CLAIMS_LINE.findall(section)
        if len(found) == 1:
            at_item = sorted(claim for claim, listed in cited.items() if item in expand(listed))
            links = [f"[`{claim}`](../{files[claim]})" for claim in at_item]
            line = f"*Claims:* {', '.join(links) or UNCHECKED}."
            wrapped = textwrap.fill(line, 120, break_long_words=False, break_on_hyphens=False)
            text = text.replace(section, section.replace(found[0], wrapped))
    return text


def unknown_citations(reference: TheoryText, text: str) -> Iterator[tuple[int, str]]:
    """(line, item) for every cited item that does not exist."""
    return ((line, item) for line, item in citations(text) if not reference.has(item))


def link_problems(reference: TheoryText, folder: Path) -> Iterator[str]:
    """Links within the text lead to an anchor, the others to a file of the repository."""
    for target in LINK.findall(reference.text):
        path, _, name = target.partition("#")
        if path and not (folder / path).exists():
            yield f"the link to {path} leads nowhere"
        if not path and name not in reference.anchors:
            yield f"the link to #{name} leads nowhere"


def formula_problems(text: str) -> Iterator[str]:
    """Dollar signs come in pairs in every paragraph, braces and delimiters within every formula.

    What Markdown would change before the formula is read is refused: a backslash before punctuation, and an asterisk.
    """
    for paragraph in re.split(r"\n\s*\n", text):
        pieces = re.split(r"(\$\$|\$)", paragraph)
        inside = ""
        for piece in pieces:
            if piece in ("$", "$$"):
                if inside and piece != inside:
                    break
                inside = "" if inside else piece
            elif inside:
                yield from _formula_problems(piece)
        if inside:
            yield f"a formula is not closed in the paragraph {paragraph[:60]!r}"


def _formula_problems(formula: str) -> Iterator[str]:
    depth = 0
    for sign in re.sub(r"\\.", "", formula):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth < 0:
            break
    if depth:
        yield f"braces do not match in {formula!r}"
    if len(re.findall(r"\\left\b", formula)) != len(re.findall(r"\\right\b", formula)):
        yield f"\\left and \\right do not match in {formula!r}"
    if re.search(r"\\[!-/:-@\[-`{-~]|\*", formula):
        yield f"Markdown would change {formula!r}"


def cited_by_claims() -> dict[str, str]:
    """What each built-in claim cites."""
    references = registry.built_in_references()
    return {claim: registry.load(reference).claim.source.theory_item for claim, reference in references.items()}


def files_of_claims() -> dict[str, str]:
    """Where the file of each built-in claim stands in the repository."""
    return {claim: reference.file for claim, reference in registry.built_in_references().items()}


def citing_files() -> list[Path]:
    """Python, Markdown and Coq files of the repository, tracked or new; theory.md itself refers to items by links."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", "*.py", "*.md", "*.v"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    paths = [ROOT / name for name in sorted(filter(None, listed.split("\0")))]
    return [path for path in paths if path.is_file() and path != REFERENCE]


def problems() -> Iterator[str]:
    """Everything that is wrong, one line each."""
    reference = TheoryText(REFERENCE.read_text(encoding="utf-8"))
    yield from structure(reference)
    yield from claim_problems(reference, cited_by_claims(), REFERENCE.parent)
    if with_claims(reference, cited_by_claims(), files_of_claims()) != reference.text:
        yield "the lines *Claims:* are not those of the claims; run `make claim-table`"
    yield from link_problems(reference, REFERENCE.parent)
    yield from formula_problems(reference.text)
    for path in citing_files():
        for line, item in unknown_citations(reference, path.read_text(encoding="utf-8")):
            yield f"{path.relative_to(ROOT)}:{line} cites item {item} of docs/theory.md, which does not exist"


def main() -> int:
    """Print the problems; 1 if there is any."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the lines *Claims:* first")
    if parser.parse_args().write:
        reference = TheoryText(REFERENCE.read_text(encoding="utf-8"))
        REFERENCE.write_text(with_claims(reference, cited_by_claims(), files_of_claims()), encoding="utf-8")
    found = list(problems())
    print("\n".join(found) or "docs/theory.md agrees with the repository")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
