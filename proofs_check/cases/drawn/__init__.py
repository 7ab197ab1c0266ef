"""Random cases of single claims, one file a claim."""
