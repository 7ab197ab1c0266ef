"""The folder of a run: everything to draw it again, and to go on with it after it was stopped."""
