"""Kernel evidence: statements printed to Coq and proved there; only Coq's kernel and the printer have to be trusted.

| module | holds |
|---|---|
| `printer` | SymPy to Coq's real numbers; refuses every expression that it does not know |
| `document` | a `.v` file: theorems, each with a witness that its hypotheses can hold |
| `preamble` | vectors of any dimension in Coq, for the files that need them |
| `coqc` | running Coq on a file: proved, tactic failed, out of time, not installed |
| `cache` | results of earlier runs, by the hash of the file and the version of Coq |
| `decide` | the outcome of a piece of kernel evidence |

The theorems of the claims are in `theorems`; the generated files are in `files`, one for each claim, for readers and
for `coqc FILE.v`.
"""
