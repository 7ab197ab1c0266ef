"""Small starts for the early phase, some of them rational for certificates (theory.md 4)."""
