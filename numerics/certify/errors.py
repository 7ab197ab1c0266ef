"""The exception of the prover when it cannot decide."""

from __future__ import annotations


class Undecided(Exception):
    """The prover does not know where the flow from this start ends; one sentence says where it stopped, and why."""
