"""Classification with a sum loss, from small balanced starts (theory.md 6.6).

| claim | item |
|---|---|
| `alignment_time` | 6: when every neuron is on one side |
| `loss_rate` | 6: how the loss falls, and the stable rank |
"""
