"""Single neurons under a constant drift, and problems for the enumeration of extremal vectors (theory.md 3)."""
