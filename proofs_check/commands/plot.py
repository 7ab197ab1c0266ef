"""`proofs-check plot`: the figures of a run drawn again from its folder."""

from __future__ import annotations

from typing import Annotated

import typer

from .options import Animate

HELP = """Draw the figures of a run again, from the folder that simulate --out wrote, without another simulation.

For example: proofs-check plot run --animate film.gif

DIR gets alignment.png, loss.png and, for one-dimensional inputs, function.png, each with its CSV. A run that was
stopped or killed is drawn as far as it came.
"""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("plot", help=HELP)(plot_command)


def plot_command(
    folder: Annotated[str, typer.Argument(metavar="DIR", show_default=False, help="The folder of a run.")],
    animate: Animate = None,
) -> None:
    """Read the folder, draw, and say what was drawn."""
    from ..figures.film import check_film
    from ..report.terminal import console_for

    if animate is not None:
        check_film(animate)
    console_for().print(f"drawn: {', '.join(draw_folder(folder, animate))}", soft_wrap=True, highlight=False)


def draw_folder(out: str, animate: str | None) -> list[str]:
    """Draw the run in a folder, and animate it if asked to; the paths of the pictures."""
    from ..figures.film import write_film
    from ..figures.run import draw_run, view_of
    from ..runs.run_folder import read_record, read_recording

    folder, record, data = read_record(out)
    view = view_of(record, data, read_recording(folder, record, data))
    drawn = [str(folder / name) for name in draw_run(folder, view)]
    if animate is not None:
        write_film(animate, view)
        drawn.append(animate)
    return drawn
