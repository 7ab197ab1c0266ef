"""Measurements of simulated flows, with an estimate of their error, for property and scaling evidence."""
