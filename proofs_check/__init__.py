"""What is decided: claims, evidence, verdicts, reports and the command line.

| chapter | holds |
|---|---|
| `claim` | claims, evidence and results; finding and reading claim files |
| `claims` | the claims, by chapter of docs/theory.md |
| `kinds` | how symbolic, certified and property evidence is decided, and statements confronted with numbers |
| `coq` | statements printed to Coq, and what its kernel says |
| `verify` | running all of it in processes; verdicts; controls of what decides |
| `cases`, `known`, `measure` | what claims draw their examples from, cases with known answers, measured flows |
| `sharp` | sharp constants; exact counterexamples by z3 |
| `cache` | results of earlier runs of the same code |
| `recheck` | checking certificates of a flow again, with no other module of this project |
| `report`, `figures`, `runs` | what a person or a program gets to see; the folder of a run |
| `commands` | `proofs-check` |

Users import the public names from `early_alignment`.
"""
