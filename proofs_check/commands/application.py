"""`proofs-check`: the commands put together, and exceptions turned into one sentence and an exit code.

Nothing heavy is imported here or at the top of a command's module, so that `--help` answers at once.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

import typer

COMMANDS = ("verify", "list", "show", "data", "predict", "simulate", "sweep", "plot", "certify", "recheck", "sharpen")
EXAMPLE = """Check claims about how small two-layer (leaky) ReLU networks begin to train, and predict it for a data set.

For example:

  proofs-check verify                        check every built-in claim

  proofs-check verify alignment my_claim.py  check a group, and a claim file of your own

  proofs-check show alignment.closed-form    one claim, with its derivation

  proofs-check data three-points > three_points.csv

  proofs-check predict three_points.csv --bias

  proofs-check simulate three_points.csv --bias --width 20000 --scale 1e-3 --time 4000 --out run

  proofs-check plot run --animate film.gif

  proofs-check sweep examples/two_edged.toml --out two_edged

  proofs-check certify three_points.csv --bias --width 20 --scale 1e-3 --out cert.json

  proofs-check recheck cert.json

  proofs-check sharpen spurious.sharp-constants
"""
ALL_GOOD, NOT_GOOD, BAD_INPUT, INTERNAL_ERROR, INTERRUPTED = 0, 1, 2, 3, 130


def application() -> typer.Typer:
    """The command line application with all commands registered."""
    app = typer.Typer(
        name="proofs-check",
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    @app.callback(invoke_without_command=True, help=EXAMPLE)
    def start(
        context: typer.Context,
        debug: bool = typer.Option(False, "--debug", help="Show the traceback of an internal error."),
    ) -> None:
        if context.invoked_subcommand is None:
            typer.echo(context.get_help())

    for name in COMMANDS:
        importlib.import_module(f".{name}", __package__).register(app)
    return app


def main(arguments: Sequence[str] | None = None) -> None:
    """Run `proofs-check` and leave the process with its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    sys.exit(run(given))


def run(arguments: Sequence[str]) -> int:
    """Run `proofs-check` with these arguments and return the exit code; `--debug` is understood anywhere."""
    debug = "--debug" in arguments
    given = [argument for argument in arguments if argument != "--debug"]
    try:
        if sys.stdout is None:  # closed by the shell, as in `proofs-check list >&-`
            return _say("standard output is closed; direct it to a terminal, a pipe or a file", BAD_INPUT)
        code = application()(args=given, prog_name="proofs-check", standalone_mode=False)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _say("interrupted", INTERRUPTED)
    except BrokenPipeError:
        return _nobody_listens()
    except SystemExit as stop:
        if isinstance(stop.__context__, BrokenPipeError):  # typer's own answer to a closed pipe is exit code 1
            return _nobody_listens()
        raise
    except Exception as error:
        return _explain(error, debug)
    if code == INTERRUPTED:  # typer's own answer to Ctrl-C, which says nothing
        return _say("interrupted", INTERRUPTED)
    return code if isinstance(code, int) else ALL_GOOD


def _nobody_listens() -> int:
    """The program that reads the output (`head`, a pager) has ended: no message, no failure."""
    from ..report.output import drop_standard_output

    drop_standard_output()
    return ALL_GOOD


def _explain(error: Exception, debug: bool) -> int:
    """Say what happened in one sentence on standard error; the exit code."""
    if isinstance(error, typer.Abort):
        return _say("interrupted", INTERRUPTED)
    format_message = getattr(error, "format_message", None)  # wrong usage, in every version of typer
    if format_message is not None:
        return _say(_usage_sentence(format_message()), BAD_INPUT)
    if isinstance(error, OSError) and error.filename is None:
        from ..report.output import drop_standard_output

        drop_standard_output()
        return _say(f"cannot write standard output: {error.strerror}; direct it to a disk with room", BAD_INPUT)
    from ...numerics.errors import InputError
    from ..report.output import StoppedByUser

    if isinstance(error, StoppedByUser):
        return _say(str(error), INTERRUPTED)
    if isinstance(error, InputError):
        return _say(str(error), BAD_INPUT)
    if debug:
        import traceback

        traceback.print_exception(error)
    summary = f"{type(error).__name__}: {' '.join(str(error).split())}"
    return _say(f"internal error, a fault of this program: {summary}; --debug shows the traceback", INTERNAL_ERROR)


def _usage_sentence(message: str) -> str:
    sentence = " ".join(message.split()).rstrip(".")
    return f"{sentence[:1].lower()}{sentence[1:]}; proofs-check --help shows the usage"


def _say(sentence: str, code: int) -> int:
    print(f"proofs-check: {sentence}", file=sys.stderr)
    return code
