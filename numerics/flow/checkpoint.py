"""An engine as named arrays and back: a restored engine continues exactly as the saved one would.

Everything that decides what follows is there. The scratch arrays of a step are not: each is written before it is read.
Groups are made again by their patterns, in the order of their numbers; only what moves is stored for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, fields
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from .engine.events import KINDS, Counters, Event
from .engine.problem import FlowProblem
from .engine.records import OF_MEMBERS
from .engine.standing import Standing

if TYPE_CHECKING:
    from .engine.engine import Engine
    from .engines import AnyEngine
    from .neurons.engine import NeuronEngine

Arrays = dict[str, NDArray]
SomeEngine = TypeVar("SomeEngine", "Engine", "NeuronEngine")

_NEURON = ("sign", "imbalance", "frame", "group", "safe", "resting", "held")
"""Of the state: one row per neuron."""


class Damaged(ValueError):
    """The arrays do not describe an engine; the message says which one."""


_SINGLE = ("sign", "imbalance", "places", "pattern", "resting", "gap")
"""The same of a state of single neurons."""


def engine_arrays(engine: AnyEngine) -> Arrays:
    """The arrays that `restored_engine` reads; those of a neuron's place are the engine's own, not copies."""
    from .neurons.engine import NeuronEngine

    if isinstance(engine, NeuronEngine):
        found: Arrays = {name: getattr(engine.state, name) for name in (*_SINGLE, "degenerate")}
    else:
        state = engine.state
        groups, columns = state.groups, state.groups.active()
        found = {name: getattr(state, name) for name in (*_NEURON, "degenerate")}
        found |= {name: getattr(columns, name) for name in (*OF_MEMBERS, "pattern")}
        found["members"] = np.concatenate(groups.members)
    clock = [engine.time, engine.step, engine.tolerance, engine.noise, engine.chatter.progress, engine.rescaled_time]
    found["clock"] = np.array(clock)
    found["chatter_count"], found["chatter_seen"] = engine.chatter.count, engine.chatter.seen
    found["counters"] = np.array(astuple(engine.counters), dtype=np.int64)
    if engine.log is not None:
        number = {kind: code for code, kind in enumerate(KINDS)}
        found["event_times"] = np.array([event.time for event in engine.log])
        rows = [(event.neuron, event.hyperplane, number[event.kind]) for event in engine.log]
        found["events"] = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return found


def restored_engine(problem: FlowProblem, arrays: Mapping[str, NDArray]) -> AnyEngine:
    """The engine that `engine_arrays` described, for the same problem; Damaged when the arrays do not fit together."""
    return _restored_neurons(problem, arrays) if "places" in arrays else _restored_groups(problem, arrays)


def _restored_neurons(problem: FlowProblem, arrays: Mapping[str, NDArray]) -> NeuronEngine:
    from .neurons.engine import NeuronEngine
    from .neurons.state import NeuronState

    d, h = problem.X.shape[1], len(problem.normals)
    m = len(_array(arrays, "places", np.float64, (None, d + 1)))
    standing = Standing(
        _array(arrays, "places", np.float64, (m, d + 1)), _array(arrays, "sign", np.int8, (m,)),
        _array(arrays, "imbalance", np.float64, (m,)), _array(arrays, "pattern", np.int8, (m, h)),
        _array(arrays, "resting", np.bool_, (m,)),
    )  # fmt: skip
    gap, degenerate = _array(arrays, "gap", np.float64, (m,)), _array(arrays, "degenerate", np.int64, (None,))
    if not m or not np.isin(standing.sign, (1, -1)).all() or not np.isin(standing.pattern, (1, 0, -1)).all():
        raise Damaged("there is no neuron, or a sign or a side is none")
    if (gap < 0.0).any() or not np.isin(degenerate, np.arange(m)).all():
        raise Damaged("a distance is negative, or there is no neuron of that number")
    state = NeuronState.continued(problem, standing, degenerate)
    state.gap = gap
    return _with_clock(NeuronEngine(problem, state, 1e-8), arrays)


def _restored_groups(problem: FlowProblem, arrays: Mapping[str, NDArray]) -> Engine:
    from .engine.engine import Engine
    from .engine.groups import Groups
    from .engine.state import State

    d, h = problem.X.shape[1], len(problem.normals)
    m, count = len(_array(arrays, "group", np.int64, (None,))), len(_array(arrays, "pattern", np.int8, (None, h)))
    state = State.__new__(State)
    state.problem = problem
    state.sign = _array(arrays, "sign", np.int8, (m,))
    state.imbalance = _array(arrays, "imbalance", np.float64, (m,))
    state.undominated = bool((state.imbalance < 0).any())
    state.frame = _array(arrays, "frame", np.float64, (m, d + 1))
    state.group = _array(arrays, "group", np.int64, (m,))
    state.safe = _array(arrays, "safe", np.float64, (m,))
    state.resting = _array(arrays, "resting", np.bool_, (m,))
    state.held = _array(arrays, "held", np.bool_, (m,))
    state.degenerate = _array(arrays, "degenerate", np.int64, (None,))
    state.groups = Groups(problem)
    for pattern in _array(arrays, "pattern", np.int8, (count, h)):
        state.groups.at(pattern)
    if len(state.groups) != count or not np.isin(state.sign, (1, -1)).all():
        raise Damaged("two groups have one pattern, or a sign is neither 1 nor -1")
    columns = state.groups.active()
    for name in OF_MEMBERS:
        column = getattr(columns, name)
        column[...] = _array(arrays, name, column.dtype.type, column.shape)
    members = _array(arrays, "members", np.int64, (m,))
    if not np.array_equal(np.sort(members), np.arange(m)) or (columns.size < 0).any() or columns.size.sum() != m:
        raise Damaged("the members of the groups are not the neurons")
    state.groups.members = np.split(members, np.cumsum(columns.size)[:-1])
    if not np.array_equal(state.group[members], np.repeat(np.arange(count), columns.size)):
        raise Damaged("a neuron is listed in a group that is not its own")
    return _with_clock(Engine(problem, state, 1e-8), arrays)


def _with_clock(engine: SomeEngine, arrays: Mapping[str, NDArray]) -> SomeEngine:
    """The engine with the time, the counts and the log that were written down."""
    m = len(engine.state)
    clock = _array(arrays, "clock", np.float64, (6,)).tolist()
    engine.time, engine.step, engine.tolerance, engine.noise, engine.chatter.progress, engine.rescaled_time = clock
    engine.counters = Counters(*_array(arrays, "counters", np.int64, (len(fields(Counters)),)).tolist())
    engine.log = _log(arrays) if "events" in arrays else None
    engine.chatter.count = _array(arrays, "chatter_count", np.int64, (m,))
    engine.chatter.seen = _array(arrays, "chatter_seen", np.float64, (m,))
    return engine


def _log(arrays: Mapping[str, NDArray]) -> list[Event]:
    rows = _array(arrays, "events", np.int64, (None, 3))
    times = _array(arrays, "event_times", np.float64, (len(rows),))
    if not np.isin(rows[:, 2], np.arange(len(KINDS))).all():
        raise Damaged("an event has an unknown kind")
    return [Event(t, j, i, KINDS[kind]) for t, (j, i, kind) in zip(times.tolist(), rows.tolist(), strict=True)]


def _array(arrays: Mapping[str, NDArray], name: str, kind: type, shape: tuple[int | None, ...]) -> NDArray:
    """A copy of one array, checked; None in `shape` is any length."""
    if name not in arrays:
        raise Damaged(f"there is no array {name}")
    found = np.array(arrays[name], order="C")
    fits = found.ndim == len(shape) and all(want in (None, have) for want, have in zip(shape, found.shape, strict=True))
    if found.dtype != kind or not fits:
        raise Damaged(f"the array {name} has the wrong type or shape")
    if found.dtype == np.float64 and np.isnan(found).any():
        raise Damaged(f"the array {name} contains NaN")
    return found
