"""The frozen alignment flow: neurons followed from face to face in closed form (docs/theory.md 2.6, 3.1-3.9)."""
