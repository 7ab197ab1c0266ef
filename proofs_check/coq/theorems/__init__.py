"""The theorems of the claims, printed to Coq: one file for each chapter."""
