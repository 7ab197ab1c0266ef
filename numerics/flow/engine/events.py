"""What a run of the engine counts and logs, and how it says that it cannot go on."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("cross", "slide", "leave", "sign", "rest")
CROSS, SLIDE, LEAVE, SIGN, REST = KINDS


class NotResolved(RuntimeError):
    """The flow cannot be followed further; the message says where and why."""


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
