"""The table of docs/trust.md: for each claim, what has to be trusted, generated from the registry between two lines.

`python tools/trust_table.py` prints it; `--write docs/trust.md` puts it between the markers.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from claim_table import with_table

from early_alignment.proofs_check.claim import registry
from early_alignment.proofs_check.claim.evidence import Covers, Evidence, EvidenceKind

NOTHING = "-"


def trust_table() -> str:
    """A row for each claim: what its strongest evidence on the statement relies on, and what else agrees."""
    rows = [
        "| claim | the strongest evidence on the statement relies on | other evidence on the statement |"
        " evidence on lemmas or instances |",
        "|---|---|---|---|",
    ]
    for claim_id, reference in sorted(registry.built_in_references().items()):
        item = registry.load(reference)
        stated = _kinds(item.evidence, Covers.STATEMENT)
        partial = [kind for kind in _kinds(item.evidence, Covers.LEMMA, Covers.INSTANCE) if kind not in stated]
        cells = ([kind.traits.relies_on for kind in kinds] for kinds in (stated[:1], stated[1:], partial))
        rows.append(f"| `{claim_id}` | " + " | ".join("; ".join(cell) or NOTHING for cell in cells) + " |")
    return "\n".join(rows)


def _kinds(evidence: tuple[Evidence, ...], *covers: Covers) -> list[EvidenceKind]:
    """The kinds of evidence that cover this, strongest first."""
    found = {piece.kind for piece in evidence if piece.covers in covers}
    return [kind for kind in EvidenceKind if kind in found and kind.traits.establishes]


def main() -> int:
    """Print the table or write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", metavar="FILE", help="put the table between the markers of this document")
    arguments = parser.parse_args()
    if arguments.write:
        path = Path(arguments.write)
        path.write_text(with_table(path.read_text(encoding="utf-8"), trust_table()), encoding="utf-8")
    else:
        print(trust_table())
    return 0


if __name__ == "__main__":
    sys.exit(main())
