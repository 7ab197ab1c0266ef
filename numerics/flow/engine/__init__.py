"""The engine of the flow: compiled steps for all groups at once, and events without restarts (docs/theory.md 2.5, 2.6).

| module | what it holds |
|---|---|
| `engine` | the loop: time steps, event scans, steps that are shortened |
| `driver` | what both engines share: the loop, when the flow has ended, when neurons are held |
| `problem` | the data as floats: hyperplanes, slopes, jumps |
| `state`, `groups` | every neuron's position in its group; every group's map, moment and neighbours |
| `step`, `event_free` | compiled: one DOP853 step for all groups, and many of them while no event is possible |
| `interpolant`, `chebyshev` | compiled: dense output of a step |
| `walk` | compiled: neurons that pass from hyperplane to hyperplane within a step |
| `sliding` | Filippov's choice of sides, and the distance of the slopes on a face from the ends of their ranges |
| `scaling` | sizes of neurons whose squares underflow |
| `chatter` | when a neuron comes back to its hyperplanes so often that it is held there, or the run stopped |
| `stale` | machine code on disk that other sources were compiled to, and its removal |
| `events`, `records` | what a run counts and logs; the arrays of a step |
"""
