"""The events of a frozen flow, in compressed sparse rows: one row per neuron."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .faces import Kind


@dataclass(frozen=True)
class Events:
    """Neuron j's events are those from `offset[j]` up to `offset[j + 1]`, in order of time.

    `time` (e,); `hyperplane` (e,): the number in `Hyperplanes`, -1 when a vanishes; `kind` (e,): a `Kind`, that is
    cross, slide (the neuron starts to slide), leave (it stops sliding), or sign (a vanishes).
    """

    offset: NDArray[np.int64]
    time: NDArray[np.float64]
    hyperplane: NDArray[np.int32]
    kind: NDArray[np.int8]

    @classmethod
    def collect(cls, count: int, entries: Sequence[tuple[int, float, int, Kind]]) -> Events:
        """Events of `count` neurons from (neuron, time, hyperplane, kind) entries, in order of time for each neuron."""
        neuron = np.array([entry[0] for entry in entries], dtype=np.int64)
        order = np.argsort(neuron, kind="stable")
        offset = np.concatenate([[0], np.cumsum(np.bincount(neuron, minlength=count))])
        return cls(
            offset,
            np.array([entry[1] for entry in entries], dtype=np.float64)[order],
            np.array([entry[2] for entry in entries], dtype=np.int32)[order],
            np.array([entry[3] for entry in entries], dtype=np.int8)[order],
        )

    def of(self, neuron: int) -> list[tuple[float, int, Kind]]:
        """The (time, hyperplane, kind) of one neuron's events."""
        rows = range(self.offset[neuron], self.offset[neuron + 1])
        return [(float(self.time[i]), int(self.hyperplane[i]), Kind(self.kind[i])) for i in rows]
