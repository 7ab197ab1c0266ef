"""The gradient flow itself, for any width: one Lorentz map per activation pattern (theory.md 2.5, 2.6).

| module | what it holds |
|---|---|
| `simulation` | `simulate`: from a data set and a start to times, outputs, losses, groups and events |
| `alignment_watch`, `comparison` | the simulated network at tau beside the prediction, with a bound on every angle |
| `run`, `checkpoint` | a run that can be stopped, written down, and go on as if nothing had happened |
| `escape` | the level of S at which the early phase counts as over |
| `recording`, `schedule` | what is kept of a run, and at which times |
| `events` | what a run counts and logs, and how it says that it cannot go on |
| `engine` | the loop: steps, looks at steps in which something happens, cuts, decisions |
| `state`, `groups` | every neuron's place in its group; every group's map, moment and neighbours |
| `scaling` | sizes of neurons whose squares underflow |
| `chatter` | when a neuron comes back to its hyperplanes so often that the run is stopped |
| `problem` | the data as floats: hyperplanes, slopes, jumps |
| `kernel`, `cruise` | compiled: one DOP853 step for all groups, and many of them while nothing can happen |
| `interpolant`, `chebyshev` | compiled: a step from within |
| `compilation` | a warning before these are compiled, and whether they are on disk |
| `walk` | compiled: neurons from hyperplane to hyperplane within a step |
| `sliding` | Filippov's choice of sides, and how far the slopes on a face are inside their ranges |
"""
