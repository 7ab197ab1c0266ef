"""75 random points in 150 dimensions, nearly orthogonal, labelled by a teacher of 6 neurons: two steps, then a trap.

    python examples/high_dimensional.py [--out FOLDER] [--small]

Inputs N(0, 1), labels sum_j +-s(<v_j, x>) with v_j ~ N(0, I/d), seed 0; students balanced (seed 0), lambda = 1e-20.
Left: 200 students by gradient descent in NumPy, in steps of 0.005, which delays them by 0.5%; benchmarks/
high_dimensional.py compares it with the flow. `limit_process` does not get past its first saddle. Marked are the first
escape that the frozen flow predicts and, as an approximation, what theory.md 6.2 has for orthogonal data: 1/||D_+|| and
1/||D_-||. Right: 10 points in 20 dimensions, 30 students, drawn likewise: the flow, and the whole of `limit_process`.
--small takes 20 points in 40 dimensions and 60 students on the left.
"""

import numpy as np
from drawing import COLOURS, LOSS, chosen_options, draw_moments, legend, save
from matplotlib.figure import Figure
from staircase import Climb, draw_losses, print_passages

from early_alignment import Dataset, Fate, Limit, Start, frozen_alignment, limit_process, make_start, simulate

TEACHERS, SEED, SCALE = 6, 0, 1e-20
UNIT = -float(np.log(SCALE))
STEP, END, END_SMALL = 0.005, 1.4, 2.8


def teacher_data(n: int, d: int) -> Dataset:
    """n Gaussian points of R^d, labelled by the teacher."""
    rng = np.random.default_rng(SEED)
    X, v = rng.standard_normal((n, d)), rng.standard_normal((TEACHERS, d)) / np.sqrt(d)
    return Dataset.from_arrays(X, np.maximum(X @ v.T, 0.0) @ rng.choice([-1.0, 1.0], TEACHERS))


def in_span(data: Dataset, start: Start) -> tuple[Dataset, Start]:
    """The same flow in coordinates of the span of the n inputs: what a neuron has outside of it never moves."""
    basis = np.linalg.qr(data.X.T)[0]
    return Dataset.from_arrays(data.X @ basis, data.y), Start(start.a, start.w @ basis, "dominated", start.scale, SEED)


def descent(data: Dataset, start: Start, clock: np.ndarray) -> np.ndarray:
    """The losses (T,) of plain gradient descent at increasing `clock` (T,)."""
    a, w, done, losses = start.a.copy(), start.w.copy(), 0, []
    for count in np.rint(clock * UNIT / STEP).astype(int):
        for _ in range(count - done):
            z = w @ data.X.T
            on = z > 0
            drift = (on * (data.y - a @ (on * z))) @ data.X * (STEP / data.n)
            a, w = a + np.einsum("jd,jd->j", w, drift), w + a[:, None] * drift
        done = count
        losses.append(np.mean((data.y - a @ np.maximum(w @ data.X.T, 0.0)) ** 2) / 2)
    return np.array(losses)


def first_escape(data: Dataset, start: Start) -> float:
    """The clock at which the limit leaves 0: that of the fastest neuron once it is aligned."""
    found = frozen_alignment(data, start)
    return 1.0 / float(np.linalg.norm(found.drift[found.fate == Fate.EXTREMAL], axis=1).max())


def orthogonal_escapes(data: Dataset) -> list[float]:
    """1/||D_+|| and 1/||D_-||, the earlier one first (theory.md 6.2)."""
    parts = (np.maximum(sign * data.y, 0.0) @ data.X / data.n for sign in (1, -1))
    return sorted(1.0 / float(np.linalg.norm(part)) for part in parts)


def draw(
    sizes: tuple[int, ...], clock: np.ndarray, losses: np.ndarray, escape: float, escapes: list[float],
    limit: Limit, climb: Climb,
) -> Figure:  # fmt: skip
    """The large network on the left, the small one on the right."""
    figure = Figure(figsize=(10.5, 4.8), layout="constrained")
    left, right = figure.subplots(1, 2)
    left.set(xlabel=r"clock $s = t\,/\,\log(1/\lambda)$", ylabel=LOSS, xlim=(0, END))
    left.plot(clock, losses, gid="descent", color=COLOURS[0], lw=1.8, zorder=3, label="gradient descent")
    draw_moments(left, "orthogonal", escapes, label=r"$1/\|D_\pm\|$, orthogonal data")
    draw_moments(left, "first escape", [escape], 1, label="first escape, frozen flow", color=COLOURS[1])
    left.set(yscale="log", ylim=(losses[-1] / 2, 2 * losses[0]))
    left.set_title("n = {}, d = {}, {} students\n\n".format(*sizes), loc="left", fontsize=10)
    legend(left, loc="lower left")
    draw_losses(right, limit, [climb])
    right.set(yscale="log", ylim=(limit.loss / 2, 2 * limit.saddles[0].loss))
    legend(right, loc="lower left")
    right.set_title("n = 10, d = 20, 30 students\n\n", loc="left", fontsize=10)
    scale = rf"$\lambda = 10^{{{np.log10(SCALE):.0f}}}$"
    figure.suptitle(f"Nearly orthogonal data, {scale}", x=0.01, ha="left", fontsize=12)
    return figure


def main() -> None:
    """Descend, follow, predict, draw."""
    chosen = chosen_options(__doc__, "high_dimensional")
    n, d, width = sizes = (20, 40, 60) if chosen.small else (75, 150, 200)
    data, start = in_span(teacher_data(n, d), make_start(width, SCALE, SEED, d=d))
    clock = np.linspace(0.0, END, 701)
    losses, escape, escapes = descent(data, start, clock), first_escape(data, start), orthogonal_escapes(data)
    print(f"{n} points: first escape {escape:.2f}, on orthogonal data {escapes[0]:.2f}, {escapes[1]:.2f}")
    for share in (0.75, 0.2, 0.01):
        below = losses <= share * losses[0]
        moment = f"at s = {clock[np.argmax(below)]:.2f}" if below.any() else "not reached"
        print(f"loss {share:.0%} of its start: {moment}")
    print(f"loss at s = {END:g}: {losses[-1] / losses[0]:.1%} of its start")
    few, students = in_span(teacher_data(10, 20), make_start(30, SCALE, SEED, d=20))
    limit = limit_process(few, students)
    times = np.linspace(0.0, END_SMALL * UNIT, 601)
    climb = Climb(SCALE, UNIT, simulate(few, students, float(times[-1]), times=times), [])
    print_passages(limit, [climb])
    save(draw(sizes, clock, losses, escape, escapes, limit, climb), chosen.out, "high_dimensional")


if __name__ == "__main__":
    main()
