"""The limit of small starts: a sequence of saddles, predicted from the data alone (theory.md 6.2, on any data).

| module | holds |
|---|---|
| `process` | `limit_process`: saddle after saddle, and the end |
| `small_neurons` | neurons that are still small: where they come to rest at a saddle, and how fast they grow |
| `scales` | how far a run at a finite scale is from the limit |
| `span` | the flow in the span of the inputs, where points are fewer than dimensions |
| `stationary` | the pulls at a saddle as rationals at which the network is exactly at rest |
| `transit` | from one saddle to the next with the flow engine |
"""
