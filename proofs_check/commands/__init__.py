"""The commands of `proofs-check`, one a module; each has `register(app)` and imports heavy modules only when run."""
