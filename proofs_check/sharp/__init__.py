"""Sharp constants: the largest value for which a claim holds, decided from both sides."""
