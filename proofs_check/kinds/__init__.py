"""How each kind of evidence is decided, and how certificates are rechecked; Coq has its own chapter."""
