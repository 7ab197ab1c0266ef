"""Coq's grammar of real terms, evaluated in floats: an oracle for the printer that shares nothing with it.

Levels as in Coq's R_scope: application, then `^`, then the signs `-` and `/` before a term, then `*` and `/`, then `+`
and `-`; the last two associate to the left.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

FUNCTIONS = {"exp": math.exp, "ln": math.log, "sqrt": math.sqrt, "Rabs": abs}


def value_of(text: str, values: Mapping[str, float]) -> float:
    """The value of a term; AssertionError for anything else."""
    reader = _Reader(re.findall(r"[A-Za-z_][\w']*|\d+|[-+*/^()]", text), values)
    found = reader.sum()
    assert reader.next() is None, reader.words[reader.place :]
    return found


class _Reader:
    def __init__(self, words: list[str], values: Mapping[str, float]) -> None:
        self.words, self.values, self.place = words, values, 0

    def next(self) -> str | None:
        return self.words[self.place] if self.place < len(self.words) else None

    def take(self) -> str:
        self.place += 1
        return self.words[self.place - 1]

    def sum(self) -> float:
        found = self.product()
        while self.next() in ("+", "-"):
            sign = 1.0 if self.take() == "+" else -1.0
            found += sign * self.product()
        return found

    def product(self) -> float:
        found = self.signed()
        while self.next() in ("*", "/"):
            found = found * self.signed() if self.take() == "*" else found / self.signed()
        return found

    def signed(self) -> float:
        if self.next() == "-":
            self.take()
            return -self.signed()
        if self.next() == "/":
            self.take()
            return 1.0 / self.signed()
        return self.power()

    def power(self) -> float:
        base = self.applied()
        if self.next() == "^":
            self.take()
            return base ** self.power()
        return base

    def applied(self) -> float:
        if self.next() in FUNCTIONS:
            return FUNCTIONS[self.take()](self.atom())
        return self.atom()

    def atom(self) -> float:
        word = self.take()
        if word == "(":
            found = self.sum()
            assert self.take() == ")"
            return found
        return float(word) if word.isdigit() else self.values[word]
