"""A simulated flow beside its prediction: the flow itself knows nothing of predictions (docs/theory.md 4.1-4.4)."""
