"""The gradient flow of a network of any width: one map per pattern, events without restarts (theory.md 2.5, 2.6).

`event_free` takes steps while no neuron can meet a hyperplane. When one may, the step that was tried is resolved here:
`scan` finds who crosses, `walk` follows them through the step by its interpolant, and only the rank-one moments of the
neurons that changed their pattern move between groups. The step is cut where more is needed than that: where a group
is not followed yet, a slope on a face reaches the end of its range, or the kink that a crossing leaves in the drifts of
all others would be larger than the tolerance.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from . import event_free, walk
from .chebyshev import integral
from .driver import AFTER_CUT, SHORTER, SMALLEST_STEP, Driver
from .events import CROSS, LEAVE, REST, SIGN, SLIDE, Event, NotResolved
from .interpolant import first_end_of_a_slope, interpolate
from .problem import FlowProblem
from .records import Clock, Floats, Integers, Interpolant, Limits, Passed, Scene, Walkers, Work
from .scaling import lengths
from .sliding import settle
from .state import State
from .step import particle_maps

AT_ZERO = 1e-7
"""A pinned neuron has reached w = 0 when ||w|| is this small beside |a|: its square is rounding beside the excess."""
NEAR = 1e-11
"""Hyperplanes this near to a neuron, as a share of ||w||, are met together: they are a corner."""
RENEWED = 64
"""How many steps from a time of 0 are taken before the limits of a run are found anew."""
ASTRAY = 1e-3
"""A neuron this far behind a hyperplane, as a share of ||w||, does not stand on it: errors of a step are smaller."""


@dataclass
class Engine(Driver[State]):
    """The engine of whole patterns, see `Driver`."""

    name: ClassVar[Literal["patterns"]] = "patterns"
    _live: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool), repr=False)
    _work: Work | None = field(default=None, repr=False)
    _chattering: list[Integers] = field(default_factory=list, repr=False)

    @classmethod
    def start(cls, problem: FlowProblem, a: Floats, w: Floats, tolerance: float) -> Engine:
        """The engine at time 0 with neurons a (m,), w (m, d)."""
        return cls(problem, State(problem, a, w), tolerance)

    def _go_on(self, until: float) -> None:
        """Take steps until `until` or an event, and resolve the step in which there is one."""
        g, p = self.state.groups.active(), self.problem
        if self._work is None or len(self._work.Y) != len(g.moves):
            self._work = Work.of(len(g.moves), *p.X.shape)
        work, self._live = self._work, event_free.followed(g)
        clock = Clock(self.time, self.step, until)
        renewal = max(2 * self.time, self.time + RENEWED * self.step) if self.fades else np.inf
        limits = Limits(self.tolerance, SMALLEST_STEP, self._noise_now, self._unsure, renewal, self.state.undominated)
        found = event_free.advance(clock, limits, p.points, g, self._live, work)
        self.time, self.step = found.time, found.step
        self.counters.steps += found.taken
        self.chatter.progress += found.progress
        self.rescaled_time += found.lost
        self.counters.right_hand_sides += found.sides
        if found.reason == event_free.TOO_SMALL:
            raise NotResolved(f"the step became too small at t = {self.time:.6g}; ask for a larger tolerance")
        if found.reason == event_free.LARGE_MAP:
            self.state.rebase()
        if found.reason == event_free.EVENT:
            self._resolve(found.tried, found.tried_share, work)

    def _resolve(self, length: float, share: float, work: Work) -> None:
        """Take the step that was tried with everything that happens in it, up to where it must be cut.

        `share` is its length as a share of the one that the tolerance would allow.
        """
        self.counters.inspected += 1
        self.counters.right_hand_sides += 3
        step = interpolate(self.problem, self.state.groups, self._live, self._noise_now, length, work)
        end, leaving = first_end_of_a_slope(self.problem, self.state.groups, self._live, step, self._unsure)
        due, seen = self._due(step, work)
        scene = self._scene(step)
        passed = self._walk(scene, due, end)
        if walk.contradicts(scene, passed.walkers, passed.walked) and length > self._shortest():
            self.step = SHORTER * length
            self._forget_distances(seen)
            return
        stop = passed.walked.stop
        for cut in (stop, self._kink_cut(step, passed, min(end, stop))):
            if cut < end:
                end, leaving = cut, {}
        if end < 1.0:
            self.counters.cuts += 1
            self.step = min(self.step, max(2 * end, AFTER_CUT) * length)
            particle_maps(step.coefficients, self._live, end, work.Y)
            passed = self._walk(scene, due, end, passed)
        self._commit(step, end, work, passed, seen)
        self.chatter.progress += end * share
        for face, pulls in leaving.items():
            self._leave(face, pulls)
        passages = passed.walked.passages
        for row, _, hyperplane, _ in passages[passages[:, 3] == walk.BLOCKED].tolist():
            self._decide(int(passed.neurons[row]), hyperplane)
        if self._chattering:
            neurons, self._chattering = np.unique(np.concatenate(self._chattering)), []
            self._hold_or_stop(neurons)

    # -- what happens within a step ---------------------------------------------------------------------------------

    def _due(self, step: Interpolant, work: Work) -> tuple[Integers, Integers]:
        """The neurons that meet a hyperplane within the step, and all whose distances were measured for it.

        Neurons that cannot have arrived are left out. How far the others are safe now is noted in the state.
        """
        g, state = self.state.groups.active(), self.state
        watched = self._live[:, None] & (g.watched > 0)
        g.turned[watched], g.travel[watched] = work.ahead[watched].T
        due: list[Integers] = [np.zeros(0, dtype=np.int64)]
        seen: list[Integers] = [np.zeros(0, dtype=np.int64)]
        neurons = state.columns()
        for u in np.flatnonzero(work.needed).tolist():
            chosen = state.groups.members[u]
            if work.remeasured[u]:
                sides = np.stack([g.pattern[u], -g.pattern[u]])
                g.approached[u] = np.minimum(sides * step.speed_low[u], sides * step.speed_high[u]) < 0
                chosen = state.start_measuring(u)
            else:
                chosen = walk.may_arrive(g, u, neurons, chosen)
            state.release(chosen)
            due.append(walk.scan(g, u, neurons, chosen, step, self.problem.normals))
            state.recount(u)
            seen.append(chosen)
        return np.concatenate(due), np.concatenate(seen)

    def _scene(self, step: Interpolant) -> Scene:
        """What neurons meet within the step."""
        g = self.state.groups.active()
        reachable = np.append(self._live | ~g.moves, False)  # the last one stands for no group
        flip, face = np.where(reachable[g.flip], g.flip, -1), np.where(reachable[g.face], g.face, -1)
        moves, undominated = g.moves & self._live, self.state.undominated
        return Scene(step, self.problem.normals, g.pattern, moves, g.slides, flip, face, undominated)

    def _walk(self, scene: Scene, due: Integers, end: float, longer: Passed | None = None) -> Passed:
        """Follow the neurons `due` up to the share `end` of the step; `longer`: the same, followed further.

        At the cut a neuron is on the hyperplane it was found to meet there, on either side by rounding, and must not
        miss it for that. Others that stand on a hyperplane must be well behind it to have met it.
        """
        g, state = self.state.groups.active(), self.state
        met = np.zeros((len(due), len(self.problem.normals) + 1), dtype=np.int64)
        if longer is not None:
            row, _, hyperplane, _ = longer.walked.passages[longer.walked.moments[:, 0] <= end].T
            np.add.at(met, (row, hyperplane), 1)
        start = walk.places(g, state.columns(), due)
        walkers = Walkers(start, state.group[due], state.sign[due], met)
        return Passed(due, walkers, walk.walk(scene, walkers, end))

    def _kink_cut(self, step: Interpolant, passed: Passed, end: float) -> float:
        """Where to cut the step so that the kinks of the crossings before it stay within the tolerance."""
        share, size = passed.walked.moments.T
        group, hyperplane = passed.walked.passages[:, 1], passed.walked.passages[:, 2]
        before = share < end
        order = np.flatnonzero(before)[np.argsort(share[before], kind="stable")]
        share, size, group, hyperplane = (share[order], size[order], group[order], hyperplane[order])
        real = np.minimum(hyperplane, len(self.problem.normals) - 1)  # a vanishing a leaves no kink: `_kink` is 0
        speed = np.maximum(np.abs(step.speed_low[group, real]), np.abs(step.speed_high[group, real]))
        return self._cut_for_kinks(share, size, speed, hyperplane, step.pulls, step.length, end)

    # -- taking the step --------------------------------------------------------------------------------------------

    def _commit(self, step: Interpolant, end: float, work: Work, passed: Passed, seen: Integers) -> None:
        """Take the step up to `end`, and move the neurons that changed their pattern."""
        g, state = self.state.groups.active(), self.state
        walked, neurons = passed.walked, passed.neurons
        largest = event_free.accept(work.Y, self._live, g)
        before, self.time = self.time, self.time + end * step.length
        self.rescaled_time += step.length * integral(step.losses, end)
        self.counters.steps += 1
        if end < 1.0:
            self._forget_distances(seen)
        for kind, name in ((walk.CROSSED, CROSS), (walk.SLID, SLIDE)):
            of = walked.passages[:, 3] == kind
            rows, _, hyperplanes, _ = walked.passages[of].T
            self._note(neurons[rows], hyperplanes, name, before + walked.moments[of, 0] * step.length)
        source = state.group[neurons]
        changed = walked.landed != source
        for u in np.unique(source[changed]):
            of = changed & (source == u)
            state.depart(int(u), neurons[of], passed.walkers.start[of] @ work.Y[u])
        for u in np.unique(walked.landed[changed]):
            of = changed & (walked.landed == u)
            state.arrive(int(u), neurons[of], walked.final[of])
        if largest > event_free.FARTHEST:
            state.rebase()

    def _forget_distances(self, seen: Integers) -> None:
        """Have the distances of these neurons measured again: those at the end of a step that is cut say nothing."""
        self.state.safe[seen] = -np.inf
        for u in np.unique(self.state.group[seen]):
            self.state.recount(int(u))

    def _leave(self, u: int, pulls: Floats) -> None:
        """A slope of a face has reached its end: all its neurons go where the least-norm drift for `pulls` has them.

        From a hyperplane that has come to repel them they go to the side that drives them away, to the positive one
        where both do: which one is not decided by the flow.
        """
        state = self.state
        pattern, members = state.groups.active().pattern[u].copy(), state.groups.members[u]
        above, below = self.problem.sides(pulls)
        for s in (1, -1):
            chosen = members[state.sign[members] == s]
            if not len(chosen):
                continue
            on = np.flatnonzero(pattern == 0)
            repelling = on[s * (above - below)[on] > self._unsure]
            target = pattern.copy()
            target[repelling] = 1
            found = settle(self.problem, target, np.setdiff1d(on, repelling), s, pulls)
            drift = np.where(found > 0, above, np.where(found < 0, below, 0.0)) @ self.problem.normals
            found[repelling[s * (self.problem.normals[repelling] @ drift) < 0.0]] = -1
            self._send(u, chosen, found, None)

    def _decide(self, j: int, met: int) -> None:
        """Decide where one neuron goes that stands on the hyperplane `met` (h: its a vanishes), and maybe on others."""
        state, normals = self.state, self.problem.normals
        u, s = int(state.group[j]), int(state.sign[j])
        g = state.groups.active()
        pattern, z = g.pattern[u].copy(), state.here(u, np.array([j]))[0]
        length = float(lengths(z[None, :-1])[0])
        if met == len(normals):
            state.sign[j] = -s
            state.safe[j] = -np.inf
            state.recount(u)
            self._note(np.array([j]), np.array([-1]), SIGN, self.time)
            return
        if length <= AT_ZERO * abs(z[-1]) and g.slides[u]:
            state.rest(j)
            self._note(np.array([j]), np.array([-1]), REST, self.time)
            return
        pulls = state.pulls()
        speed = s * pattern * (normals @ state.drifts(pulls)[u])
        height = pattern * (normals @ z[:-1])
        near = (pattern != 0) & (height <= NEAR * length) & (speed < 0)
        near[met] = True
        # A neuron that shrinks for long, straight towards the origin, is turned by rounding at last, and may then be
        # far behind a hyperplane that it never approached: it has crossed it, and does not stand on it.
        astray = height < -ASTRAY * length
        hits = np.flatnonzero(near & ~astray)
        attracting = self.problem.attracting(pulls, s)
        target = np.where(astray, -pattern, pattern)
        target[hits[~attracting[hits]]] *= -1
        candidates = np.union1d(hits[attracting[hits]], np.flatnonzero(pattern == 0))
        self._send(u, np.array([j]), settle(self.problem, target, candidates, s, pulls), hits)

    def _send(self, u: int, neurons: Integers, pattern: NDArray[np.int8], on: Integers | None) -> None:
        """Move neurons of group u to the group of `pattern`, and note what that is."""
        old = self.state.groups.active().pattern[u].copy()
        self.state.send(u, neurons, pattern, on)
        if np.array_equal(pattern, old):  # blocked where it was: it will be again, unless the drift turns
            self._count(neurons)
        for i in np.flatnonzero(pattern != old):
            kind = CROSS if pattern[i] and old[i] else SLIDE if not pattern[i] else LEAVE
            self._note(neurons, np.full(len(neurons), i), kind, self.time)

    def _note(self, neurons: Integers, hyperplanes: Integers, kind: str, times: Floats | float) -> None:
        """Count changes of pattern, and log them if that is asked for."""
        self.counters.events += len(neurons)
        self.counters.slides += len(neurons) * (kind == SLIDE)
        self._count(neurons)
        if self.log is not None:
            moments = np.broadcast_to(times, len(neurons))
            self.log += [
                Event(float(t), int(j), int(i), kind) for t, j, i in zip(moments, neurons, hyperplanes, strict=True)
            ]

    def _count(self, neurons: Integers) -> None:
        """Count passages and decisions that changed nothing, and note whose come step after step."""
        over = self.chatter.note(neurons)
        if len(over):
            self._chattering.append(over)
