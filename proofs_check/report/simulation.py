"""A simulated flow as text and as tables: trajectory, neurons and events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from rich.text import Text

from ...numerics.compare.beside import Compared
from ...numerics.compare.comparison import Comparison
from ...numerics.data.dataset import Dataset
from ...numerics.descent.run import Descended
from ...numerics.flow.engine.problem import FlowProblem
from ...numerics.flow.simulation import Group, Simulation
from ...numerics.geometry.linear_fit import least_squares
from .descent import descent_lines
from .output import csv_table

GROUPS_SHOWN = 12
ENTRIES_SHOWN = 10
_SIDES = {1: "+", -1: "-", 0: "0"}
_LONGEST_PATTERN = 60


def simulation_lines(compared: Compared, data: Dataset, loss: str, title: str) -> Iterator[Text]:
    """The lines of the report, to be printed without wrapping; neurons are numbered from 0, points from 1."""
    result = compared.simulation
    width = len(result.a)
    yield Text(f"{title}: {data.n} points in dimension {data.d}, {width} neurons, {loss} loss")
    if data.columns is not None:
        yield Text(f"  {data.columns.describe()}")
    if isinstance(result, Descended):
        yield from descent_lines(result)
    else:
        reached = f"  simulated to time {result.time:.6g} in {result.seconds:.3g} s"
        counts = f"{result.events} events, {result.slides} of them entries into sliding"
        yield Text(f"{reached}: {result.steps} steps, {counts}")
    if result.reason is not None:
        yield Text(f"  stopped early: {result.reason}", style="bold")
    if result.degenerate:
        on = _neurons(len(result.degenerate), "starts", "start")
        yield Text(f"  {on} on a hyperplane; which side they move to is a convention (theory.md 2.6)")
    if result.resting:
        at_zero = _neurons(len(result.resting), "reached", "reached")
        yield Text(f"  {at_zero} w = 0 and stayed there, which is a convention (theory.md 2.6)")
    yield Text()
    yield Text(f"loss  {result.losses[0]:.6g} at the start, {result.losses[-1]:.8g} at the end")
    if loss == "square":
        yield Text(f"      {least_squares(data).loss:.8g} at the least-squares fit (OLS)")
    yield from observed_lines(result)
    if compared.comparison is not None:
        yield Text()
        yield from _comparison_lines(compared.comparison)
    yield Text()
    yield Text("final network, by group of neurons with the same activation pattern (largest output first)")
    live = [group for group in result.groups if group.live]
    for group in live[:GROUPS_SHOWN]:
        yield _group_line(group)
    if len(live) > GROUPS_SHOWN:
        yield Text(f"  and {len(live) - GROUPS_SHOWN} more groups")
    still = width - sum(group.size for group in live)
    if still:
        yield Text(f"  {still:>8} neurons dead: inactive on every point")


def observed_lines(result: Simulation) -> Iterator[Text]:
    """The observables at the start and at the end."""
    for name, values in result.observed.items():
        unit = " (radians)" if name.endswith("angle") else ""
        yield Text(f"{name.replace('_', ' ')}  {values[0]:.6g} at the start, {values[-1]:.6g} at the end{unit}")


def _neurons(count: int, one: str, several: str) -> str:
    return f"1 neuron {one}" if count == 1 else f"{count} neurons {several}"


def _comparison_lines(comparison: Comparison) -> Iterator[Text]:
    yield Text(
        f"at tau = {comparison.tau:.6g} (epsilon = {comparison.epsilon:g}), by extremal vector of the prediction"
    )
    for entry in comparison.alignment:
        angles = f"at most {entry.worst_error:.3g} radians away, allowed {entry.allowed:.3g}"
        line = Text(f"  {entry.count:>8} neurons  follow [{entry.extremal}], {angles}")
        yield line if entry.within else line.append("  outside the bound", style="bold red")
        by = "not by tau" if entry.measured_time is None else f"by {entry.measured_time:.4g}"
        settled = f"within {entry.angle:.3g}: predicted by {entry.predicted_time:.4g}, simulated {by}"
        line = Text(f"{'':20}{settled}")
        if entry.timed:
            line.append(
                f"; {entry.timed - entry.off_time} of {entry.timed} within {entry.allowed_time:.3g} of their times"
            )
        yield line if not entry.off_time else line.append("  outside the bound", style="bold red")
        if entry.unsettled:
            yield Text(f"{'':20}{entry.unsettled} more settle later")
    if not comparison.alignment:
        yield Text("  no neuron settles near an extremal vector by then")


def _group_line(group: Group) -> Text:
    pattern = "".join(_SIDES[side] for side in group.pattern[:_LONGEST_PATTERN])
    rest = "" if len(group.pattern) <= _LONGEST_PATTERN else "..."
    vector = ", ".join(f"{entry:.6g}" for entry in group.vector[:ENTRIES_SHOWN])
    return Text(f"  {group.size:>8} neurons  {pattern}{rest}  sum a w = ({vector})")


def tables(result: Simulation, data: Dataset) -> dict[str, bytes]:
    """trajectory.csv, neurons.csv (a start file) and events.csv, by name."""
    outputs = [f"h{k}" for k in range(1, data.n + 1)]
    trajectory = np.column_stack([result.times, result.losses, result.outputs, *result.observed.values()])
    neurons = np.column_stack([result.a, result.w])
    weights = [f"w{axis}" for axis in range(1, data.d + 1)]
    return {
        "trajectory.csv": csv_table(["time", "loss", *outputs, *result.observed], trajectory.tolist()),
        "neurons.csv": csv_table(["a", *weights], neurons.tolist()),
        "events.csv": csv_table(["time", "neuron", "points", "kind"], _events(result, data)),
    }


def _events(result: Simulation, data: Dataset) -> Iterator[list[Any]]:
    """Rows: the time, the neuron, the points on its hyperplane (numbered from 1), and what it did."""
    owner = FlowProblem.of(data).owner
    points = {int(i): " ".join(str(k + 1) for k in np.flatnonzero(owner == i)) for i in np.unique(owner)}
    for event in result.history or ():
        yield [event.time, event.neuron, points.get(event.hyperplane, ""), event.kind]
