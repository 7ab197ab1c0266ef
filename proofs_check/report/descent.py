"""Gradient descent with a step, and what smaller steps say of it, as text."""

from __future__ import annotations

import math
from collections.abc import Iterator

from rich.text import Text

from ...numerics.data.conventions import Translation
from ...numerics.descent.extrapolation import Distances, StepExtrapolation, is_regular
from ...numerics.descent.run import Descended
from ...numerics.descent.steps import EVENTS_KEPT

_NAMES = {"outputs": "outputs", "weights": "weights", "outputs_at_any_time": "outputs, any time"}


def descent_lines(result: Descended) -> Iterator[Text]:
    """How a run of descent went, for the report of `simulate`."""
    reached = f"  gradient descent with step {result.step:.6g} to time {result.time:.6g} in {result.seconds:.3g} s"
    yield Text(f"{reached}: {result.steps} steps, {result.events} changes of a neuron's side of a point")
    if result.history is not None and result.events > EVENTS_KEPT:
        yield Text(f"  the first {EVENTS_KEPT} changes are listed")
    if result.batches is not None:
        size, seed = result.batches.size, result.batches.seed
        yield Text(f"  in batches of {size}, drawn without replacement from seed {seed}; no claim is about them")
    yield Text("  at a preactivation of 0 the slope is that of the negative side: ReLU'(0) = 0")
    yield Text("  not compared with the prediction at tau, whose bounds are for the flow")


def translation_lines(translation: Translation, time: float, step: float | None, scale: float | None) -> Iterator[Text]:
    """What --normalise and --output-factor did to the time, the step and the scale that were given."""
    convention, same = translation.convention, "weights, outputs and the scale of the start are the same"
    if convention is not None:
        factor = f"{float(convention.factor):.6g}"
        yield Text(f"loss convention {convention.name}: {convention.formula} is {factor} times the loss of this report")
    if translation.output is not None:
        c, root = translation.factor, math.sqrt(translation.factor)
        network = "h = c sum a s(<w, x>) is the network of this report"
        yield Text(f"output factor c = {translation.output} = {c:.6g}: {network}")
        scaled = "" if scale is None else f"; --scale {scale:.6g} is {root * scale:.6g} here"
        yield Text(f"  with weights sqrt(c) = {root:.6g} times as large{scaled}")
        same = "outputs are the same, and weights are those of this report divided by sqrt(c)"
    stepped = "" if step is None else f", --step {step:.6g} is {translation.ours(step):.6g}"
    both = "together their" if convention is not None and translation.output is not None else "its"
    runs = f"{both} time runs {translation.speed:.6g} times as fast"
    yield Text(f"  {runs}: --time {time:.6g} is {translation.ours(time):.6g} here{stepped}")
    yield Text(f"  {same}")


def extrapolation_lines(found: StepExtrapolation) -> Iterator[Text]:
    """The three runs, their distances, the observed order, and the distance from the flow."""
    yield Text(f"smaller steps, at time {found.time:.6g}: distances from the run with half the step,")
    yield Text("  from the flow as estimated (Richardson), and from the flow as simulated")
    measured = found.from_flow or (None, None, None)
    next_ones = (*found.between, None)
    for name, title in _NAMES.items():
        yield Text(f"  {title:<20} {'half the step':>14} {'flow, estimated':>16} {'flow, simulated':>16}")
        for step, half, estimate, flow in zip(found.steps, next_ones, found.estimated, measured, strict=True):
            columns = f"{_shown(half, name):>14} {_shown(estimate, name):>16} {_shown(flow, name):>16}"
            yield Text(f"    step {step:<13.6g} {columns}")
        last = f"{'':>14} {_shown(found.uncertainty, name):>16} {_shown(found.extrapolated_from_flow, name):>16}"
        yield Text(f"    {'extrapolated':<18} {last}")
    yield Text(f"  loss {', '.join(f'{loss:.8g}' for loss in found.losses)}{_flow_loss(found)}")
    outputs, weights = _order(found.order_of_outputs), _order(found.order_of_weights)
    observed = f"  observed order {outputs} of the outputs, {weights} of the weights"
    yield Text(f"{observed}; 1 is expected{'' if found.regular else ' where no kink interferes'}")
    orders = {"outputs": found.order_of_outputs, "weights": found.order_of_weights}
    doubtful = " and ".join(name for name, order in orders.items() if not is_regular(order))
    if doubtful:
        why = "neurons cross or slide within steps, or the step is too large"
        yield Text(f"  the estimates for the {doubtful} are not reliable: {why}")
    if found.no_flow is not None:
        yield Text(f"  not compared with the flow itself: {found.no_flow}")


def _shown(distances: Distances | None, name: str) -> str:
    return "-" if distances is None else f"{distances.to_json()[name]:.4g}"


def _order(order: float | None) -> str:
    return "(rounding only)" if order is None else f"{order:.3f}"


def _flow_loss(found: StepExtrapolation) -> str:
    return "" if found.flow_loss is None else f"; of the flow {found.flow_loss:.8g}"
