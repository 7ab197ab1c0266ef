"""Full-batch gradient descent with a step size, beside the flow (docs/runs.md).

| module | what it holds |
|---|---|
| `steps` | the steps themselves: theta - H grad L, and the changes of activation patterns between them |
| `run` | `descend`: a run that is recorded as the flow is, can be stopped, written to a file, and continued |
| `extrapolation` | steps of H, H/2 and H/4: the observed order, and the distance from the flow |
"""
