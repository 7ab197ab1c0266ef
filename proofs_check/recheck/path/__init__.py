"""Checking a certificate for every start by the limit path (theory.md 9.2): standard library only.

To be read in this order: `bernstein` (polynomials on [0, 1]), `tube` (one segment), `condition` (the certificate as a
whole). Phase 1 and the conclusion are checked by `every_start` of the folder above.
"""
