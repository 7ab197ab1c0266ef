"""Proofs that polynomials are positive on boxes, in integers and exact rationals."""
