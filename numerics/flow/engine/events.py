"""What a run of the engine counts and logs, and how it says that it cannot go on."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("cross", "slide", "leave", "sign", "rest")
CROSS, SLIDE, LEAVE, SIGN, REST = KINDS


class NotResolved(RuntimeError):
    """The flow cannot be followed further; the message says where and why."""


def chattering(time: float, neuron: int) -> NotResolved:
    """That a neuron, by its number from 0, comes back to its hyperplanes again and again."""
    return NotResolved(
        f"at t = {time:.6g} neuron {neuron} comes back to its hyperplanes in step after step: it chatters where it "
        "should slide"
    )


def shrunk(time: float, neuron: int) -> NotResolved:
    """That a neuron, by its number from 0, is too small to be followed."""
    return NotResolved(
        f"at t = {time:.6g} neuron {neuron} has shrunk below 1e-300, where numbers lose their digits; start from a "
        "larger scale"
    )


@dataclass(frozen=True)
class Event:
    """A change of a neuron's pattern; `kind` is cross, slide, leave, sign (a vanishes) or rest (w = 0 is reached)."""

    time: float
    neuron: int
    hyperplane: int
    kind: str


@dataclass
class Counters:
    """What a run has cost and what happened: `inspected` steps were searched for events, and `cuts` were shortened."""

    steps: int = 0
    right_hand_sides: int = 0
    inspected: int = 0
    cuts: int = 0
    events: int = 0
    slides: int = 0
