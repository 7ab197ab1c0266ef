"""The gradient flow itself: one Lorentz map per activation pattern, or single neurons (docs/theory.md 2.5, 2.6).

| module | what it holds |
|---|---|
| `simulation` | `simulate`: from a data set and a start to times, outputs, losses, groups and events |
| `run`, `checkpoint` | a run that can be stopped, written to a file, and continued to the same result |
| `recording`, `schedule` | what is recorded of a run, and at which times |
| `line` | the function of a network whose inputs are one-dimensional, on a grid |
| `compilation` | a warning before the engine is compiled, and whether its compiled form is on disk |
| `engines` | which of the two engines follows a network |
| `engine` | an engine for any width: steps of whole patterns, events within them, and sliding |
| `neurons` | an engine for many patterns, in many dimensions: steps of single neurons, and their events |
"""
