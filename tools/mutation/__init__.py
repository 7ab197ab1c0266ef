"""Mutation run: alter signs, factors, indices and comparisons in theory/ and numerics/; see which verdicts fall."""
