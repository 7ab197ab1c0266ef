"""Certificates of Theorem A' (theory.md 9.3): three points in the plane, with neurons at any angle."""
