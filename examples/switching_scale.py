"""Three points: from which scale of the start on does a network interpolate? (theory.md 5.7)

    python examples/switching_scale.py [--starts N] [--out switching_scale.png]

Counts, for widths 4 to 200 and scales 10^-3 to 4, how many balanced starts end at zero loss rather than at least
squares, and draws the shares; a CSV with the counts stands beside the picture.
"""

import argparse
import csv
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from early_alignment import Dataset, make_start, simulate

WIDTHS = (4, 12, 40, 200)
COLOURS = ("#D55E00", "#E69F00", "#56B4E9", "#0072B2")  # told apart in every common kind of colour blindness
SCALES = np.geomspace(1e-3, 4.0, 13)
FITTED, LONGEST = 1e-6, 1000.0


def interpolates(data: Dataset, width: int, scale: float, seed: int) -> bool:
    """Whether the loss of this start falls below `FITTED`; at least squares it is 256/2925."""
    start = make_start(width, scale, seed, d=data.d)
    flow = simulate(data, start, LONGEST, tolerance=1e-6, until_loss=FITTED, until_speed=1e-7)
    return bool(flow.losses[-1] <= FITTED)


def main() -> None:
    """Count, write the table, draw."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--starts", type=int, default=20, help="starts per width and scale (default 20)")
    options.add_argument("--out", type=Path, default=Path("switching_scale.png"), help="the picture")
    chosen = options.parse_args()
    data = Dataset.published("three-points")
    counts = {
        width: [sum(interpolates(data, width, scale, seed) for seed in range(chosen.starts)) for scale in SCALES]
        for width in WIDTHS
    }
    with chosen.out.with_suffix(".csv").open("w", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream)
        table.writerow(["width", "scale", "starts", "interpolate"])
        for width, row in counts.items():
            table.writerows([width, f"{scale:.6g}", chosen.starts, n] for scale, n in zip(SCALES, row, strict=True))
    figure = Figure(figsize=(7.0, 4.2), layout="constrained")
    axes = figure.subplots()
    for (width, row), colour in zip(counts.items(), COLOURS, strict=True):
        axes.semilogx(SCALES, np.array(row) / chosen.starts, marker="o", color=colour, label=f"{width} neurons")
    axes.set(xlabel="scale of the start", ylabel="share that interpolates", ylim=(-0.03, 1.03))
    axes.set_title(f"Three points: {chosen.starts} balanced starts each", loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
    figure.savefig(chosen.out, dpi=160)
    print(f"drawn: {chosen.out}, with {chosen.out.with_suffix('.csv')}")


if __name__ == "__main__":
    main()
