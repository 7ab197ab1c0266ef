"""The gradient flow of single neurons: one DOP853 step for all, events without restarts (theory.md 2.5, 2.6).

A step is tried with the patterns that the neurons have when it begins. Who meets a hyperplane within it, or leaves one,
is then followed alone, through as many events as there are, with the pulls of the step's interpolant; the others are
where the step has them. What the changed patterns would do to the pulls is second order in the length of what is left
of the step: where it would change the drifts of the others by more than the tolerance, the step is cut.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

import numpy as np

from ...arrays import Floats, Integers, Pattern
from ...compiled_code import drop_stale_code
from ...rounding import SLOPE, STANDING, TOGETHER
from ..engine.chebyshev import integral, interpolated
from ..engine.driver import AFTER_CUT, SHORTER, SMALLEST_STEP, Driver
from ..engine.events import CROSS, LEAVE, REST, SIGN, SLIDE, Event, NotResolved
from ..engine.problem import FlowProblem
from ..engine.sliding import onto_face, settle
from ..engine.step import TRIED
from .faces import worst_margins
from .follow import BLOCKED, CONTRADICTED, CROSSED, LEFT, RESTED, SIGNED, SLID, follow
from .records import Followed, Sides, Tables, Walkers
from .state import NeuronState
from .step import SEEN, Attempt

NEAR, ASTRAY = 1e-11, 1e-6
"""Hyperplanes this near to a neuron, as a share of ||w||, are met together; one ASTRAY behind it has been crossed."""
NAMES = {CROSSED: CROSS, SLID: SLIDE, LEFT: LEAVE, SIGNED: SIGN, RESTED: REST}


@dataclass(frozen=True)
class Passage:
    """What happened to the neurons that were followed: `final` (k, d+1), and rows of their events, in no order.

    `neurons` and `hyperplanes` (r,), `kinds` (r,), and `moments` (r, 3) as in `records.Followed`.
    """

    final: Floats
    neurons: Integers
    hyperplanes: Integers
    kinds: Integers
    moments: Floats
    contradicted: bool

    def resting_by(self, share: float) -> Integers:
        """The neurons that have come to w = 0 by then."""
        return self.neurons[(self.kinds == RESTED) & (self.moments[:, 0] <= share)]


@dataclass
class NeuronEngine(Driver[NeuronState]):
    """The engine of single neurons, see `Driver`."""

    name: ClassVar[Literal["neurons"]] = "neurons"
    _chattering: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.int64), repr=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        self._stages = np.empty((16, *self.state.places.shape))

    @classmethod
    def start(cls, problem: FlowProblem, a: Floats, w: Floats, tolerance: float) -> NeuronEngine:
        """The engine at time 0 with neurons a (m,), w (m, d)."""
        drop_stale_code(follow)
        return cls(problem, NeuronState(problem, a, w), tolerance)

    # -- a step -----------------------------------------------------------------------------------------------------

    def _go_on(self, until: float) -> None:
        """Take a step, as long as the tolerance allows, up to where it must be cut."""
        state, (attempt, longer, share) = self.state, self._attempt(until)
        chosen = self._suspects(attempt)
        end = 1.0
        if len(chosen):
            found = self._resolve(attempt, chosen)
            if found is None:
                self.step = SHORTER * attempt.length
                return
            end = found
        else:
            state.places = attempt.end
            if self.fades:
                self.rescaled_time += attempt.lost()
        state.balance(state.places)
        state.onto_faces(state.places)
        reached = end == 1.0 and attempt.length == until - self.time
        self.time = until if reached else self.time + end * attempt.length
        self.counters.steps += 1
        self.chatter.progress += end * share
        state.use_up(2 * end * attempt.length, attempt.drifts)
        if len(self._chattering):
            neurons, self._chattering = self._chattering, self._chattering[:0]
            self._hold_or_stop(neurons)
        self.step = longer if end == 1.0 else min(longer, max(2 * end, AFTER_CUT) * attempt.length)

    def _attempt(self, until: float) -> tuple[Attempt, float, float]:
        """A step within the tolerance, the length of the next one, and its length as a share of the allowed one."""
        rejected = False
        while True:
            tried = min(self.step, until - self.time)
            attempt = Attempt.of(self.state, tried, self._stages)
            self.counters.right_hand_sides += TRIED
            error = attempt.error / self.tolerance
            if error <= 1.0:
                break
            rejected = True
            self.step = tried * max(0.2, 0.9 * error**-0.125)
            if not self.step > SMALLEST_STEP * max(self.time, 1e-300):
                raise NotResolved(f"the step became too small at t = {self.time:.6g}; ask for a larger tolerance")
        factor = 5.0 if error == 0.0 else min(1.0 if rejected else 5.0, 0.9 * error**-0.125)
        longer = max(self.step, tried * factor) if tried < self.step else tried * factor
        return attempt, longer, min(1.0, error**0.125)

    def _suspects(self, attempt: Attempt) -> Integers:
        """The neurons that may meet a hyperplane within the step, or leave one, by its start, its end and its pulls.

        Between them a height is taken to be above the tangents at both ends, as that of a neuron that approaches and
        goes away again is.
        """
        state, normals = self.state, self.problem.normals
        start, end = state.places, attempt.end
        sides = state.pattern
        high, low = sides * (start[:, :-1] @ normals.T), sides * (end[:, :-1] @ normals.T)
        found = (low < -STANDING * np.abs(end[:, -1:])).any(axis=1)
        first, last = (
            sides * (places[:, -1:] * (drifts @ normals.T)) * attempt.length
            for places, drifts in zip((start, end), attempt.drifts, strict=True)
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            meeting = np.clip((low - high - last) / (first - last), 0.0, 1.0)
            found |= ((first < 0) & (last > 0) & (sides != 0) & (high + first * meeting < 0)).any(axis=1)
        if state.undominated.any():
            found |= state.undominated & (state.sign * end[:, -1] <= 0)
        if len(state.sliding):
            above, below = self.problem.sides(attempt.pulls[SEEN])
            margins = worst_margins(state.sliding, sides, state.sign, normals, above, below, self._unsure)
            found[state.sliding[margins < -SLOPE]] = True
        return np.flatnonzero(found & ~state.resting & (state.gap <= 0.0))

    def _resolve(self, attempt: Attempt, chosen: Integers) -> float | None:
        """Take the step with everything that happens in it; where it is cut, or None where it must be shorter."""
        self.counters.inspected += 1
        self.counters.right_hand_sides += 3 + 9
        state = self.state
        coefficients = attempt.interpolant()
        outputs, pulls = attempt.within(coefficients)
        above, below = self.problem.sides(pulls)
        tables = Tables(attempt.length, coefficients, self.problem.normals, above, below, self._unsure)
        before = state.pattern[chosen].copy(), state.sign[chosen].copy(), state.resting[chosen].copy()
        end, come_to_rest = 1.0, chosen[:0]
        while True:
            passage = self._follow(tables, pulls, chosen, end)
            if passage.contradicted and attempt.length > self._shortest():
                state.pattern[chosen], state.sign[chosen], state.resting[chosen] = before
                return None
            cut = self._kink_cut(passage, pulls, attempt.length, end)
            if not cut < end:
                break
            end, come_to_rest = cut, passage.resting_by(cut)
            self.counters.cuts += 1
            state.pattern[chosen], state.sign[chosen], state.resting[chosen] = before
        state.places = attempt.at(coefficients, end).copy()
        state.places[chosen] = passage.final
        self._note(passage, attempt.length)
        self._rest(come_to_rest, end * attempt.length)
        state.refresh(chosen)
        if self.fades:
            self.rescaled_time += attempt.length * integral(self.problem.mean_loss(outputs), end)
        return end

    def _follow(self, tables: Tables, pulls: Floats, chosen: Integers, end: float) -> Passage:
        """Follow the chosen neurons to the share `end`; where compiled code cannot go on, decide here."""
        state = self.state
        final = np.empty((len(chosen), state.places.shape[1]))
        rows, starts, shares = np.arange(len(chosen)), state.places[chosen].copy(), np.zeros(len(chosen))
        parts: list[tuple[Integers, Integers, Floats]] = []
        contradicted, undominated = False, state.undominated
        events = np.zeros(len(chosen), dtype=np.int64)
        while len(rows):
            walkers = Walkers(chosen[rows], starts, shares, undominated[chosen[rows]])
            found = Followed.of(len(rows), final.shape[1])
            follow(walkers, tables, Sides(state.pattern, state.sign), state.places, end, found)
            final[rows] = found.final
            happened = (np.arange(found.kinds.shape[1]) < found.events[:, None]) & (found.kinds[:, :, 1] < BLOCKED)
            neurons = np.broadcast_to(walkers.neurons[:, None], happened.shape)[happened]
            parts.append((neurons, found.kinds[happened], found.moments[happened]))
            contradicted |= bool((found.why == CONTRADICTED).any())
            events[rows] += found.events
            left = np.flatnonzero((found.stop <= end) & (events[rows] <= self.chatter.limit))
            starts, shares = found.final[left], np.maximum(found.stop[left], 1e-300)
            for place, row in enumerate(left.tolist()):
                if found.why[row] in (BLOCKED, CONTRADICTED):
                    met, j = int(found.kinds[row, found.events[row] - 1, 0]), int(walkers.neurons[row])
                    moment = np.empty(pulls.shape[1])
                    interpolated(pulls, float(found.stop[row]), moment)
                    kinds, speeds = self._decide(j, met, starts[place], moment, pulls[-1])
                    moments = np.column_stack(
                        [np.full((len(kinds), 2), [shares[place], abs(starts[place, -1])]), speeds]
                    )
                    parts.append((np.full(len(kinds), j), kinds, moments))
            rows = rows[left]
        neurons, kinds, moments = (np.concatenate(column) for column in zip(*parts, strict=True))
        state.resting[neurons[kinds[:, 1] == RESTED]] = True
        return Passage(final, neurons, kinds[:, 0], kinds[:, 1], moments, contradicted)

    def _kink_cut(self, passage: Passage, pulls: Floats, length: float, end: float) -> float:
        """Where to cut the step so that the kinks of the events before it stay within the tolerance."""
        share, size, speed = passage.moments.T
        before = share < end * (1 - TOGETHER)
        order = np.flatnonzero(before)[np.argsort(share[before], kind="stable")]
        share, size, speed, hyperplane = share[order], size[order], speed[order], passage.hyperplanes[order]
        return self._cut_for_kinks(share, size, speed, hyperplane, pulls, length, end)

    def _decide(self, j: int, met: int, z: Floats, pulls: Floats, last: Floats) -> tuple[Integers, Floats]:
        """Where neuron j goes that stands at z on the hyperplane `met` and maybe on others: Filippov's choice.

        It is put exactly on the hyperplanes it stays on. From one that has come to repel it it goes to the side that
        drives it away, to the positive one where both do: which one is not decided by the flow. What it does is
        returned as rows of kinds and as speeds, see `records.Followed`; `last` are the pulls at the end of the step.
        """
        state, problem, s = self.state, self.problem, int(self.state.sign[j])
        pattern, normals = state.pattern[j].copy(), problem.normals
        length = float(np.linalg.norm(z[:-1]))
        above, below = problem.sides(pulls)
        drift = self._drift(pattern, pulls)
        height = pattern * (normals @ z[:-1])
        near = (pattern != 0) & (height <= NEAR * length) & (s * pattern * (normals @ drift) < 0)
        near[met] = True
        astray = height < -ASTRAY * length
        hits = np.flatnonzero(near & ~astray)
        attracting = problem.attracting(pulls, s)
        on = np.flatnonzero(pattern == 0)
        repels = s * (above - below)[on]
        repelling = on[(repels > self._unsure) | ((on == met) & (repels > 0.0))]
        target = np.where(astray, -pattern, pattern).astype(np.int8)
        passed = np.setdiff1d(hits[~attracting[hits]], on)
        target[passed] *= -1
        target[repelling] = 1
        candidates = np.setdiff1d(np.union1d(hits[attracting[hits]], on), repelling)
        chosen = settle(problem, target, candidates, s, pulls)
        onward = np.where(chosen > 0, above, np.where(chosen < 0, below, 0.0)) @ normals
        chosen[repelling[s * (normals[repelling] @ onward) < 0.0]] = -1
        state.pattern[j] = chosen
        z[:-1] = onto_face(z[:-1], normals[np.union1d(hits, on)])
        changed = np.flatnonzero(chosen != pattern)
        if not len(changed):
            return np.array([[met, BLOCKED]]), np.zeros(1)
        kinds = np.where(chosen[changed] == 0, SLID, np.where(pattern[changed] == 0, LEFT, CROSSED))
        drifts = np.stack([drift, self._drift(chosen, pulls), self._drift(chosen, last)])
        return np.column_stack([changed, kinds]), np.abs(drifts @ normals[changed].T).max(axis=0)

    def _drift(self, pattern: Pattern, pulls: Floats) -> Floats:
        """The drift (d,) of a neuron with this pattern."""
        (above, below), normals = self.problem.sides(pulls), self.problem.normals
        drift = np.where(pattern > 0, above, np.where(pattern < 0, below, 0.0)) @ normals
        return onto_face(drift, normals[pattern == 0])

    def _rest(self, neurons: Integers, after: float) -> None:
        """Put to rest those that come to w = 0 at the end of a step: by rounding they may not be there yet."""
        state = self.state
        late = neurons[~state.resting[neurons]]
        state.pattern[late], state.places[late, :-1], state.resting[late] = 0, 0.0, True
        self.counters.events += len(late)
        if self.log is not None:
            self.log += [Event(self.time + after, j, -1, REST) for j in late.tolist()]

    def _note(self, passage: Passage, length: float) -> None:
        """Count the events, log them if that is asked for, and stop where a neuron has too many."""
        real = np.isin(passage.kinds, tuple(NAMES))
        self.counters.events += int(real.sum())
        self.counters.slides += int((passage.kinds == SLID).sum())
        self._chattering = np.unique(self.chatter.note(passage.neurons))
        if self.log is not None:
            order = np.flatnonzero(real)[np.argsort(passage.moments[real, 0], kind="stable")]
            times = self.time + passage.moments[order, 0] * length
            of_one = np.isin(passage.kinds[order], (CROSSED, SLID, LEFT))
            rows = zip(times.tolist(), passage.neurons[order].tolist(),
                       np.where(of_one, passage.hyperplanes[order], -1).tolist(), passage.kinds[order].tolist(),
                       strict=True)  # fmt: skip
            self.log += [Event(time, j, i, NAMES[kind]) for time, j, i, kind in rows]
