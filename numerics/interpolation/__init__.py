"""Networks of least norm that interpolate the data (theory.md 6.3-6.4).

| module | holds |
|---|---|
"""
