"""Hypothesis for claims and their strategies, loaded when the first case is drawn: `st`, `composite` and `assume`.

Loading Hypothesis takes longer than all that `list` and `show` do, and neither draws a case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hypothesis import assume
    from hypothesis import strategies as st

    composite = st.composite
else:
    from collections.abc import Callable
    from functools import cache, wraps
    from importlib import import_module

    class _Strategies:
        """`hypothesis.strategies`, imported when one of its names is first used."""

        def __getattr__(self, name: str) -> Any:
            return getattr(import_module("hypothesis.strategies"), name)

    st = _Strategies()

    def composite(draw_case: Callable[..., Any]) -> Callable[..., Any]:
        """Hypothesis's `composite`, applied once, when the strategy is first asked for."""

        @cache
        def applied() -> Callable[..., Any]:
            return st.composite(draw_case)

        @wraps(draw_case)
        def strategy(*arguments: Any, **options: Any) -> Any:
            return applied()(*arguments, **options)

        return strategy

    def assume(condition: object) -> bool:
        """Hypothesis's `assume`: skip the case unless the condition holds."""
        return import_module("hypothesis").assume(condition)


__all__ = ["assume", "composite", "st"]
