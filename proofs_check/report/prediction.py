"""A prediction as text: extremal vectors, the least-squares fit, and the fate of every neuron."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

from rich.text import Text

from ...numerics.data.start import Start
from ...numerics.extremal.vectors import ExtremalVector
from ...numerics.frozen.alignment import Fate, FrozenAlignment
from ...numerics.predict.prediction import Followers, Prediction
from .loss import mean_loss_text

VECTORS_SHOWN = 30
_LONGEST_EXACT = 100
_LONGEST_PATTERN = 60
_MOST_ENTRIES, _ENTRIES_SHOWN = 20, 10
_RANGES_SHOWN = 60
_LINE = 110
_SIGN_STYLES = {1: "bold blue", -1: "bold dark_orange"}


def prediction_lines(prediction: Prediction, title: str) -> Iterator[Text]:
    """The lines of the report, to be printed without wrapping; neurons and vectors are numbered from 0."""
    yield from _data_lines(prediction, title)
    yield Text()
    yield from _extremal_lines(prediction)
    yield Text()
    yield from _fit_lines(prediction)
    if prediction.start is not None:
        yield Text()
        yield from _start_lines(prediction, prediction.start)
        yield Text()
        yield from _fate_lines(prediction)


def _data_lines(prediction: Prediction, title: str) -> Iterator[Text]:
    data, leak = prediction.data, prediction.leak
    activation = "ReLU" if leak == 0 else f"leaky ReLU with leak {leak}"
    points = f"{_count(data.n, 'point')} in dimension {data.d}"
    yield Text.assemble((title, "bold"), f": {points}, {prediction.loss} loss, {activation}")
    if data.columns is not None:
        yield Text(f"  {data.columns.describe()}")
    position = {True: "in general position", False: "not in general position", None: "general position not decided"}
    line = f"  rank {prediction.rank}, {position[prediction.general_position]}"
    if prediction.correlations is not None:
        low, high = prediction.correlations
        line += f"; cosines between inputs from {_cosine(low)} to {_cosine(high)}"
    yield Text(line)


def _extremal_lines(prediction: Prediction) -> Iterator[Text]:
    found = prediction.extremal
    number = _count(len(found.vectors), "extremal vector") if found.vectors else "no extremal vector"
    exactly = "complete, by exact arithmetic" if found.vectors else "by exact arithmetic"
    status = exactly
    if not found.complete:
        status = (
            "possibly not all: the search ended before it was complete, and random starts were followed; "
            "--enumerate SECONDS searches for longer"
        )
    if found.understood and not found.complete:
        status = (
            f"of {found.count}: the points are orthogonal to one another, and every choice of points with one sign of "
            "the label has its own; --all lists them"
        )
    if found.understood:
        norms = f"D_max {found.d_max:.6g}, D* {found.d_star:.6g}"
    else:
        norms = f"D_max from {found.d_max:.6g} to {found.d_max_bound:.6g}, D* at least {found.d_star:.6g}"
    yield Text.assemble((number, "bold"), f" ({status}); {norms}")
    followers = {group.extremal: group for group in prediction.fates.followers} if prediction.fates else {}
    shown, others = _shown(prediction)
    for index, extremal in enumerate(found.vectors):
        if index in shown:
            yield from _vector_lines(prediction, index, extremal, followers.get(index))
    hidden = len(found.vectors) - len(shown) - len(others)
    if hidden > 0:
        unfollowed = ", with which no neuron aligns" if prediction.fates else ""
        yield Text(f"  and {hidden} shorter ones{unfollowed}; --json lists all of them")
    if others:
        neurons, latest = sum(len(group.neurons) for group in others), max(group.latest_time for group in others)
        yield Text(
            f"  and {len(others)} with which {_count(neurons, 'neuron')} align, within {others[0].angle:g} rad "
            f"by time {latest:.4g}; --json lists all of them"
        )


def _shown(prediction: Prediction) -> tuple[set[int], list[Followers]]:
    """The numbers of the vectors that are described, and the neurons that align with others.

    Described are the longest, and those with which most neurons align.
    """
    groups = prediction.fates.followers if prediction.fates else ()
    most = sorted(groups, key=lambda group: -len(group.neurons))[:VECTORS_SHOWN]
    longest = range(min(VECTORS_SHOWN, len(prediction.extremal.vectors)))
    shown = {*longest, *(group.extremal for group in most)}
    return shown, [group for group in groups if group.extremal not in shown]


def _vector_lines(
    prediction: Prediction, index: int, extremal: ExtremalVector, group: Followers | None
) -> Iterator[Text]:
    style = _SIGN_STYLES[extremal.sign]
    place = f"  [{index}] "
    floats = extremal.exact is None
    yield Text.assemble(place, _vector(prediction, extremal.entries, rounded=floats), "  (in floats)" if floats else "")
    seen = ("neurons with a > 0" if extremal.sign > 0 else "neurons with a < 0", style)
    indent = " " * len(place)
    stability = (extremal.stability, "bold" if extremal.stability == "attracting" else "")
    pattern = f", pattern {_pattern(extremal.pattern)}"
    yield Text.assemble(indent, f"norm {extremal.norm:.10g}, seen by ", seen, ", ", stability, pattern)
    if group is not None:
        single = len(group.neurons) == 1
        arrival = f" align{'s' if single else ''} with it, within {group.angle:g} rad by time {group.latest_time:.4g}"
        yield Text.assemble(indent, (_count(len(group.neurons), "neuron"), style), arrival)


def _fit_lines(prediction: Prediction) -> Iterator[Text]:
    fit, data = prediction.least_squares, prediction.data
    coefficients = _vector(prediction, fit.coefficients)
    yield Text.assemble(("least squares (OLS)", "bold"), f"  beta* = {coefficients}")
    interpolates = ", and interpolates" if not any(fit.residuals) else ""
    least_norm = ", of least norm (the inputs are dependent)" if prediction.rank < data.d else ""
    yield Text(f"  {mean_loss_text(prediction.loss)} = {fit.loss:.6g}{interpolates}{least_norm}")


def _start_lines(prediction: Prediction, start: Start) -> Iterator[Text]:
    scale = "" if start.scale is None else f" at scale {start.scale:g}"
    seed = " from a file" if start.seed is None else f" from seed {start.seed}"
    pairs = ", symmetrised" if start.symmetrised else ""
    yield Text.assemble(("start", "bold"), f"  {_count(start.width, f'{start.kind} neuron')}{scale}{seed}{pairs}")
    if not start.within_theory:
        short = int((abs(start.a) < (start.w**2).sum(axis=1) ** 0.5).sum())
        yield _warning(
            f"outside the theory: |a_j| < ||w_j|| for {short} of {start.width} neurons, so that their output "
            "weights may change sign; the numbers below follow the frozen flow and are not guaranteed"
        )
    if prediction.extremal.d_max == 0:
        yield Text("  D_max = 0: no neuron moves at first, so there is no early phase")
    elif prediction.tau is None or start.scale is None:
        yield Text("  no scale given: tau and the scale threshold are not known; give the scale with --scale")
    else:
        known_threshold = prediction.scale_threshold
        threshold = (
            f"the {prediction.loss} loss has no constant kappa, and so no scale threshold"
            if known_threshold is None
            else f"the scale threshold lambda* = {known_threshold:.6g}"
        )
        if start.scale < 1:
            known = prediction.extremal.understood
            ends = "" if known else ", or before where D_max is larger than what is known of it"
            yield Text(f"  the early phase ends at tau = {prediction.tau:.6g} (epsilon {prediction.epsilon:g}){ends}")
        if start.scale >= 1:
            yield _warning(f"the scale {start.scale:g} is not below 1: there is no early phase; {threshold}")
        elif known_threshold is None:
            yield Text(f"  {threshold}: the bounds on the early phase do not apply")
        elif start.scale > known_threshold:
            yield _warning(
                f"the scale {start.scale:g} is above {threshold}: the bounds on the early phase are not guaranteed"
            )
        else:
            yield Text(f"  the scale {start.scale:g} is below {threshold}")


def _fate_lines(prediction: Prediction) -> Iterator[Text]:
    fates, alignment = prediction.fates, prediction.alignment
    if fates is None or alignment is None:
        return
    yield Text.assemble(("fates under the frozen flow", "bold"), " (neurons are numbered from 0)")
    shown, others = _shown(prediction)
    for group in fates.followers:
        if group.extremal not in shown:
            continue
        style = _SIGN_STYLES[prediction.extremal.vectors[group.extremal].sign]
        yield from _neuron_lines(f"to [{group.extremal}]", group.neurons, style)
    if others:
        yield Text(f"  {_count(sum(len(group.neurons) for group in others), 'neuron')} to {len(others)} other vectors")
    for name, neurons in (("dead", fates.dead), ("pinned", fates.pinned), ("undecided", fates.undecided)):
        if neurons:
            yield from _neuron_lines(name, neurons, "")
    for reason, count in Counter(_why_undecided(alignment, neuron) for neuron in fates.undecided).items():
        yield Text(f"          {count} undecided: {reason}")


def _cosine(value: float) -> str:
    """Four digits; the distance from 1 or -1 where four digits would hide it."""
    rest = 1 - abs(value)
    if 1e-14 < rest < 5e-5:  # closer than that is rounding
        return f"{'-' if value < 0 else ''}(1 - {rest:.2g})"
    return f"{value:.4g}"


def _warning(sentence: str) -> Text:
    return Text(f"  {sentence}", style="bold red")


def _vector(prediction: Prediction, exact: Sequence[Fraction], rounded: bool = False) -> str:
    """(-31/120, 2/3) = (-0.258333, 0.666667), or decimals alone for floats and too long a text; of many, the first."""
    numbers = [f"{float(value):.6g}" for value in exact]
    if len(numbers) > _MOST_ENTRIES:
        return f"({', '.join(numbers[:_ENTRIES_SHOWN])}, .. {len(numbers)} entries)"
    decimals = f"({', '.join(numbers)})"
    fractions = "" if rounded else f"({', '.join(str(value) for value in exact)})"
    if rounded or not prediction.data.decimal or len(fractions) > _LONGEST_EXACT or fractions == decimals:
        return decimals
    return f"{fractions} = {decimals}"


def _pattern(pattern: Sequence[int]) -> str:
    if len(pattern) <= _LONGEST_PATTERN:
        return "".join("-0+"[sign + 1] for sign in pattern)
    counts = Counter(pattern)
    return f"+ on {counts[1]}, 0 on {counts[0]}, - on {counts[-1]} points"


def _why_undecided(alignment: FrozenAlignment, neuron: int) -> str:
    """Why, also for a neuron that aligns with a direction which rounding keeps from being recognised."""
    if alignment.fate[neuron] == Fate.EXTREMAL:
        return "it aligns with a direction that, in floating point, is not one of the vectors above"
    return alignment.why(neuron)


def _neuron_lines(fate: str, neurons: Sequence[int], style: str) -> Iterator[Text]:
    """How many neurons have a fate, and which."""
    head = f"  {len(neurons):>7} {fate:<10} "
    first, *further = textwrap.wrap(_numbers(neurons), _LINE - len(head))
    yield Text.assemble(head, (first, style))
    for line in further:
        yield Text.assemble(" " * len(head), (line, style))


def _numbers(neurons: Sequence[int]) -> str:
    """Increasing numbers as ranges, 0-3, 7, 9-10, as many as fit a few lines."""
    ranges: list[list[int]] = []
    for neuron in neurons:
        if ranges and neuron == ranges[-1][1] + 1:
            ranges[-1][1] = neuron
        else:
            ranges.append([neuron, neuron])
    shown = [str(low) if low == high else f"{low}-{high}" for low, high in ranges[:_RANGES_SHOWN]]
    rest = len(neurons) - sum(high - low + 1 for low, high in ranges[:_RANGES_SHOWN])
    return ", ".join(shown) + (f" and {rest} more" if rest else "")


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
