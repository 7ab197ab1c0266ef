"""What a person or a program is told of claims, predictions, flows and limits."""
