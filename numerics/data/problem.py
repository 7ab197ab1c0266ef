"""A problem: a data set with the loss it is fitted under and the leak of the activation (docs/theory.md 1)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .dataset import Dataset
from .exact import checked_leak
from .losses import get_loss


@dataclass(frozen=True, init=False)
class Problem:
    """The subject of a flow or a prediction: data, the name of the loss, and the leak g in [0, 1) of the activation."""

    data: Dataset
    loss: str
    leak: Fraction

    def __init__(
        self, data: Dataset, loss: str = "square", leak: Fraction | Decimal | int | float | str = Fraction(0)
    ) -> None:
        """Take the leak exactly; InputError for an unknown loss, labels that it forbids, and a leak out of range."""
        get_loss(loss).check_labels(data.labels)
        object.__setattr__(self, "data", data)
        object.__setattr__(self, "loss", loss)
        object.__setattr__(self, "leak", checked_leak(leak))

    @classmethod
    def of(cls, problem: Problem | Dataset) -> Problem:
        """The problem itself; a data set alone stands for the square loss and ReLU."""
        return problem if isinstance(problem, Problem) else cls(problem)

    @property
    def pulls_at_zero(self) -> tuple[Fraction, ...]:
        """The pulls (n,) at h = 0, exactly."""
        return get_loss(self.loss).exact_pull_at_zero(self.data.labels)
