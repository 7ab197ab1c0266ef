"""Measurements of simulated flows with an estimate of their error, and below, by chapter, what each claim measures."""
