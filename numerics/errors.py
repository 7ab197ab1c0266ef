"""The exception for input that cannot be used."""

from __future__ import annotations


class InputError(ValueError):
    """Input that cannot be used; its message is one sentence saying what, where, and what would be right.

    The command line prints the sentence and exits with code 2; nothing has been written by then.
    """
