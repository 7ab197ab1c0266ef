"""Exact geometry of the points: hyperplanes, faces, zonotopes, linear algebra, and bounds for float filters."""
