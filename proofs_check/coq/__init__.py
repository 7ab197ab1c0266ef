"""Kernel evidence: statements printed to Coq, proved there, and nothing believed but Coq's kernel and the printer.

| module | holds |
|---|---|
| `printer` | SymPy to Coq's real numbers; what it does not know it refuses |
| `document` | a `.v` file: theorems, each with a witness that its hypotheses can hold |
| `preamble` | vectors of any dimension in Coq, for the files that need them |
| `coqc` | running Coq on a file: proved, tactic failed, out of time, not installed |
| `cache` | what was proved before, by the hash of the file and the version of Coq |
| `decide` | the outcome of a piece of kernel evidence |

The theorems of the claims are in `theorems`; the generated files are in `files`, one for each claim, for readers and
for `coqc FILE.v`.
"""
