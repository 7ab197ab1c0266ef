"""The orthogonal toy (theory.md 6.2, 7): two points, two saddles, each left at the predicted time.

    python examples/orthogonal_toy.py [--out FOLDER] [--small]

60 balanced neurons (seed 0) from lambda = 1e-6, as published, and from 1e-60, on the clock t / log(1/lambda). The limit
leaves 0 at 1/||D_+|| = 0.894 and fits the positive point, and leaves this saddle at 1/||D_-|| = 1.789 for the other.
Draws the loss and the functions at the saddles; --small leaves 1e-60 out.
"""

from drawing import chosen_options, save
from staircase import climb, draw_staircase, print_passages, print_visits, visits

from early_alignment import Dataset, limit_process

WIDTH, END = 60, 2.6


def main() -> None:
    """Predict, follow, draw."""
    chosen = chosen_options(__doc__, "orthogonal_toy")
    data = Dataset.published("orthogonal-toy")
    limit = limit_process(data)
    climbs = [climb(data, limit, WIDTH, scale, END) for scale in ((1e-6,) if chosen.small else (1e-6, 1e-60))]
    print_passages(limit, climbs)
    print_visits(climbs[-1], visits(data, limit, climbs[-1]))
    title = f"Orthogonal toy: {WIDTH} neurons, two saddles"
    note = "Right: the run from the smallest scale where it is nearest to the second saddle, and at the end."
    save(draw_staircase(data, limit, climbs, title, note), chosen.out, "orthogonal_toy")


if __name__ == "__main__":
    main()
