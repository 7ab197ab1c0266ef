"""What is decided: claims, evidence, verdicts, the runner, reports and the command line.

| module | holds |
|---|---|
| `claim`, `evidence` | what a claim file is made of |
| `registry` | finding and reading claim files |
| `execution`, `symbolic_check`, `search` | running one piece of evidence |
| `kernel` | statements printed to Coq, and what its kernel says |
| `sharpening`, `smt` | sharp constants; exact counterexamples by z3 |
| `runner`, `verification` | running all of it, in processes |
| `cache`, `evidence_cache` | results of earlier runs of the same code |
| `draws` | Hypothesis, loaded when the first case is drawn |
| `verdict`, `results` | from outcomes to verdicts |
| `report`, `verification_screen`, `catalogue`, `baseline`, `output` | what a person or a program gets to see |
| `recheck` | checking certificates of a flow again, with no other module of this project |
| `rerun`, `pasting` | running a counterexample again |
| `command_line`, `commands` | `proofs-check` |

Users import the public names from `early_alignment`.
"""
