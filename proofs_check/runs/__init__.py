"""The folder of a run: all that is needed to draw it again, and to continue it after it was stopped."""
