"""The flow of single neurons, for networks with few neurons a pattern (theory.md 2.5, 2.6): events without restarts.

| module | what it holds |
|---|---|
| `engine` | the loop: time steps, neurons that meet hyperplanes, steps that are cut |
| `state` | every neuron (w, a) with its ternary pattern |
| `step` | one DOP853 step for all neurons at once, by matrix products |
| `records` | what is handed to compiled code |
| `faces` | compiled: drifts on faces, and how far slopes are from the ends of their ranges |
| `paths` | compiled: the path of one neuron within a step, and where it first meets something |
| `follow` | compiled: neurons that pass from hyperplane to hyperplane, slide on them and leave them within a step |
"""
