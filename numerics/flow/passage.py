"""From one engine to the other: patterns fill when neurons align, and empty when they part (theory.md 2.5).

What decides the rest of the run goes along: the places, sides and balances of the neurons, the clock, the counts and
the log. A neuron that is held near a hyperplane is looked for again, which costs a look and changes nothing.
"""

from __future__ import annotations

from .engines import LEAST_DIMENSION, AnyEngine, EngineName, vectors_needed

CLEARLY = 2.0
"""How many times cheaper the other engine must be: to change costs as much as several steps."""


def on_the_faster_engine(engine: AnyEngine) -> AnyEngine:
    """The engine itself, or the other one where that will clearly be faster from now on.

    Maps cost a step some d + 1 vectors for each pattern with neurons, single neurons one each. In low dimension
    patterns are never left.
    """
    state, d = engine.state, engine.problem.X.shape[1]
    if d < LEAST_DIMENSION:
        return engine
    needed = vectors_needed(state.patterns(), d)
    if engine.name == "neurons" and CLEARLY * needed < len(state):
        return passed_on(engine, "patterns")
    if engine.name == "patterns" and needed > CLEARLY * len(state):
        return passed_on(engine, "neurons")
    return engine


def passed_on(engine: AnyEngine, name: EngineName) -> AnyEngine:
    """The run of `engine` at the same moment on the engine of that name."""
    from .engine.engine import Engine
    from .engine.state import State
    from .neurons.engine import NeuronEngine
    from .neurons.state import NeuronState

    standing, degenerate = engine.state.standing(), engine.state.degenerate
    problem, tolerance, time, step = engine.problem, engine.tolerance, engine.time, engine.step
    after: AnyEngine
    if name == "neurons":
        single = NeuronState.continued(problem, standing, degenerate)
        after = NeuronEngine(problem, single, tolerance, time, step, noise=engine.noise)
    else:
        whole = State.continued(problem, standing, degenerate)
        after = Engine(problem, whole, tolerance, time, step, noise=engine.noise)
    after.counters, after.log, after.chatter = engine.counters, engine.log, engine.chatter
    after.rescaled_time = engine.rescaled_time
    return after
