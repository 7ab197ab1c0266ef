"""The Coq files of all claims with kernel evidence, generated from their statements.

`python tools/print_coq.py` lists what differs from the committed files (exit code 1); `--write` writes them again.
"""

from __future__ import annotations

import argparse
import sys

from early_alignment.proofs_check.claim import registry
from early_alignment.proofs_check.claim.evidence import EvidenceKind
from early_alignment.proofs_check.coq.document import COQ_FOLDER


def printed() -> dict[str, str]:
    """The text of every file by its name. ValueError if two pieces of evidence would write the same file."""
    found: dict[str, str] = {}
    for reference in registry.built_in_references().values():
        item = registry.load(reference)
        for evidence in item.evidence:
            if evidence.kind is EvidenceKind.KERNEL:
                document = evidence.check(item.claim.statement)
                if document.claim != item.claim.id or document.file_name in found:
                    raise ValueError(f"{item.claim.id} prints the file {document.file_name}, which is not its own")
                found[document.file_name] = document.text()
    return found


def committed() -> dict[str, str]:
    """The files that are there."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(COQ_FOLDER.glob("*.v"))}


def main() -> int:
    """List or write what differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the files instead of listing what differs")
    arguments = parser.parse_args()
    texts, there = printed(), committed()
    different = sorted(name for name in {*texts, *there} if texts.get(name) != there.get(name))
    for name in different:
        print(name)
        if arguments.write:
            path = COQ_FOLDER / name
            if name in texts:
                path.parent.mkdir(exist_ok=True)
                path.write_text(texts[name], encoding="utf-8")
            else:
                path.unlink()
    return 1 if different and not arguments.write else 0


if __name__ == "__main__":
    sys.exit(main())
