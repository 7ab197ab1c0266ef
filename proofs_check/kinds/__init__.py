"""How each kind of evidence is decided, and what is decided again from numbers; Coq has its own chapter."""
