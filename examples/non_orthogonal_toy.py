"""The non-orthogonal toy (theory.md 7): a staircase that only far smaller scales than the published one show.

    python examples/non_orthogonal_toy.py [--out FOLDER] [--small]

60 balanced neurons (seed 0) from lambda = 1e-6, as published, from 1e-60 and from 1e-100, on the clock
t / log(1/lambda). When the first neuron leaves 0, at s = 6.10, the next kinds that grow have the sizes lambda^0.08 and
lambda^0.09, and 1e-6 to such a power is no small number: there the second step is lost, and all else comes late. The
predicted staircase begins to show at 1e-60, where the run leaves for the third saddle before it has reached the second,
and is not sharp at 1e-100. Draws the loss, and the functions where the run from the smallest scale is nearest to the
saddles; --small leaves 1e-100 out.
"""

from drawing import chosen_options, save
from staircase import Closer, climb, draw_staircase, print_passages, print_visits, visits

from early_alignment import Dataset, limit_process

WIDTH, END = 60, 32.0
SCALES = (1e-6, 1e-60, 1e-100)
CLOSER = Closer((0.42, 0.5, 0.26, 0.47), (5.9, 7.3), (0.03, 0.05))


def main() -> None:
    """Predict, follow, draw."""
    chosen = chosen_options(__doc__, "non_orthogonal_toy")
    data = Dataset.published("non-orthogonal-toy")
    limit = limit_process(data)
    climbs = [climb(data, limit, WIDTH, scale, END) for scale in (SCALES[:2] if chosen.small else SCALES)]
    print_passages(limit, climbs)
    print_visits(climbs[-1], visits(data, limit, climbs[-1]))
    first, rest = limit.saddles[0].time, limit.saddles[0].candidates[1:3]
    sizes = [f"{1 - first / candidate.time:.2f}" for candidate in rest]
    print(f"at the first escape the next kinds have the sizes lambda^{' and lambda^'.join(sizes)}")
    title = f"Non-orthogonal toy: {WIDTH} neurons; the second step emerges only at extremely small scales"
    note = (
        rf"At the first escape the next kinds have grown to $\lambda^{{{sizes[0]}}}$ and $\lambda^{{{sizes[1]}}}$: "
        r"no small numbers at $10^{-6}$. Right: the run from the smallest scale where it is nearest to each saddle."
    )
    save(draw_staircase(data, limit, climbs, title, note, CLOSER), chosen.out, "non_orthogonal_toy")


if __name__ == "__main__":
    main()
