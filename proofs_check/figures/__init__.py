"""Figures of predictions and of runs, each with a CSV of everything that is drawn."""
