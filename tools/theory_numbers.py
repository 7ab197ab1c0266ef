"""The numbers of sections 8 and 9 of docs/theory.md, computed anew beside the digits that are stated there.

    python tools/theory_numbers.py [--only NAME ..] [--quick] [--out FILE.csv] [--write docs/numbers.md]

A number is quoted as it stands in docs/theory.md. What is computed agrees with it if it is the same rational number, or
if it rounds to the stated digits; of a decimal that goes on with dots these digits must be the first ones. Random
starts have the seed 0. Exit code 1 if a number disagrees. The CSV has a row for each; `--write` puts the table into a
page.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numbers_of_section_8 as section_8
import numbers_of_section_9 as section_9
from markers import between
from stated_numbers import DISAGREES, Number, shown

BEGIN, END = "<!-- begin computed numbers -->", "<!-- end computed numbers -->"


@dataclass(frozen=True)
class Group:
    """A part of the table; `quick` if it needs no long flow."""

    numbers: Callable[[], Iterator[Number]]
    quick: bool = False


GROUPS: Mapping[str, Group] = {
    "theorem-1": Group(section_8.theorem_1, True),
    "counterexample": Group(section_8.counterexample, True),
    "growth": Group(section_8.growth, True),
    "lemma-8": Group(section_8.lemma_8, True),
    "unbalanced": Group(section_8.unbalanced),
    "two-neurons": Group(section_8.two_neurons_fit, True),
    "cones": Group(section_9.cones, True),
    "thresholds": Group(section_9.thresholds, True),
    "any-angle": Group(section_9.any_angle, True),
    "published-starts": Group(section_9.published_starts),
    "without-the-condition": Group(section_9.without_the_condition),
    "five-points": Group(section_9.five_points),
    "repellers": Group(section_9.next_to_repellers),
}


def all_numbers(names: Sequence[str]) -> list[Number]:
    """The numbers of these groups, in the order of the groups; progress goes to standard error."""
    found: list[Number] = []
    for name in names:
        began = time.monotonic()
        found += GROUPS[name].numbers()
        print(f"{name}: {time.monotonic() - began:.1f} s", file=sys.stderr)
    return found


def markdown(numbers: Sequence[Number]) -> str:
    """The table of docs/numbers.md."""
    rows = ["| item | number | stated | computed | | also by `proofs-check` |", "|---|---|---|---|---|---|"]
    for number in numbers:
        stated = number.quote.strip("$")
        words = re.fullmatch(r"[\w ]*[A-Za-z]{2}[\w ]*", stated)
        values = ", ".join(map(shown, number.computed))
        link = f"[{number.item}](theory.md#item-{number.item.replace('.', '-')})"
        command = f"`{number.command}`" if number.command else ""
        rows.append(
            f"| {link} | {number.what} | {stated if words else f'${stated}$'} | {values} | {number.state} | {command} |"
        )
    return "\n".join(rows).replace("|  |", "| |")


def main(arguments: Sequence[str] | None = None) -> int:
    """Compute, compare, print, write; 1 if a number disagrees."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=list(GROUPS), default=list(GROUPS), help="parts of the table")
    parser.add_argument("--quick", action="store_true", help="only the parts without long flows")
    parser.add_argument("--out", type=Path, default=Path("theory_numbers.csv"), help="the table as CSV")
    parser.add_argument("--write", type=Path, metavar="FILE.md", help="put the table between the markers of a page")
    options = parser.parse_args(arguments)
    numbers = all_numbers([name for name in options.only if GROUPS[name].quick or not options.quick])
    with options.out.open("w", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream)
        table.writerow(["item", "number", "stated", "computed", "state", "command"])
        for number in numbers:
            values = " ".join(map(shown, number.computed))
            table.writerow([number.item, number.what, number.quote, values, number.state, number.command])
            print(f"{number.item}  {number.what}: stated {number.quote}, computed {values}: {number.state}")
    wrong = [number for number in numbers if number.state == DISAGREES]
    if options.write is not None:
        page = options.write.read_text(encoding="utf-8")
        options.write.write_text(between(page, BEGIN, END, markdown(numbers)), encoding="utf-8")
    print(f"{len(numbers) - len(wrong)} of {len(numbers)} agree in the stated digits; written: {options.out}")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
