"""What is decided: claims, evidence, verdicts, reports and the command line.

| chapter | holds |
|---|---|
| `claim` | claims, evidence and results; finding and reading claim files |
| `claims` | the claims, by chapter of docs/theory.md |
| `kinds` | how symbolic, certified and property evidence is decided, and statements are evaluated at points |
| `coq` | statements printed to Coq, and the answer of its kernel |
| `verify` | running evidence in processes; verdicts; controls of the rules |
| `cases`, `known`, `measure` | what claims draw their examples from, cases with known answers, measured flows |
| `sharp` | sharp constants; exact counterexamples by z3 |
| `cache` | results of earlier runs of the same code |
| `recheck` | checking certificates of a flow again, without any other module of this project |
| `report`, `figures`, `runs` | reports as text and JSON; figures; the folder of a run |
| `commands` | `proofs-check` |

Users import the public names from `early_alignment`.
"""
