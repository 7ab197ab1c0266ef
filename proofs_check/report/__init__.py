"""Reports of claims, predictions, flows and limits, as text for people and as JSON for programs."""
