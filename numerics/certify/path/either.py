"""Theorem A by condition (C) and by condition (P), whichever admits the larger scale of the start.

For three points in the plane Theorem A' is decided too: condition (C), and no delta.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...data.dataset import Dataset
from ..data_only.certificate import DataOnlyCertificate, certify_three_points
from ..errors import Undecided
from ..every_start.certificate import EveryStartCertificate, certify_every_start, threshold_text
from ..every_start.constants import StartBounds
from .certificate import PathCertificate, certify_by_limit_path

PROVERS: Mapping[str, Callable[[Dataset, StartBounds | None], EveryStartCertificate | PathCertificate]] = {
    "C": certify_every_start,
    "P": certify_by_limit_path,
}
"""What decides each condition."""


@dataclass(frozen=True)
class DecidedConditions:
    """For every condition that was decided a certificate of Theorem A, or the reason why there is none."""

    certificates: Mapping[str, EveryStartCertificate | PathCertificate]
    reasons: Mapping[str, str]
    without_delta: DataOnlyCertificate | str | None = None
    """A certificate of Theorem A', the reason why there is none, or None where (C) was not decided."""

    @property
    def chosen(self) -> str:
        """The condition with the largest lambda_0; (C), whose certificate is shorter, where both have the same."""
        return min(self.certificates, key=lambda name: self.certificates[name].constants.exponent)

    @property
    def certificate(self) -> EveryStartCertificate | PathCertificate:
        """The certificate with the largest lambda_0."""
        return self.certificates[self.chosen]

    def to_json(self) -> dict[str, Any]:
        """The certificate with the largest lambda_0, as docs/certificates.md describes it."""
        return self.certificate.to_json()

    def summary(self) -> dict[str, Any]:
        """What was proved and how, and for each condition its exponent or why it gives no certificate."""
        shown = {name: {"exponent": str(found.constants.exponent)} for name, found in self.certificates.items()}
        others = {name: {"reason": reason} for name, reason in self.reasons.items()}
        found = self.without_delta
        delta_free = {"exponent": str(found.constants.exponent)} if isinstance(found, DataOnlyCertificate) else found
        return {
            **self.certificate.summary(),
            "conditions": shown | others,
            "without_delta": {"reason": delta_free} if isinstance(delta_free, str) else delta_free,
        }

    def lines(self) -> list[str]:
        """What a person reads: the certificate with the largest lambda_0, and what the other condition gives."""
        compared = [
            f"condition ({name}) gives lambda_0 = {threshold_text(found.constants.exponent)}"
            for name, found in self.certificates.items()
        ]
        lines = [*self.certificate.lines()]
        if len(compared) > 1:
            lines.append(f"{', '.join(compared)}; the certificate is the one by condition ({self.chosen})")
        lines += [f"no certificate by condition ({name}): {reason}" for name, reason in self.reasons.items()]
        if isinstance(self.without_delta, DataOnlyCertificate):
            scale = threshold_text(self.without_delta.constants.exponent)
            lines.append(f"with neurons a < 0 at any angle (--delta 0): lambda_0 = {scale}")
        return lines


def certify_by_either(
    data: Dataset,
    start: StartBounds | None = None,
    conditions: Sequence[str] = ("C", "P"),
    announce: Callable[[str], object] = lambda condition: None,
) -> DecidedConditions:
    """Certificates of Theorem A for `data` by each of the `conditions` that can be shown; with (C), Theorem A' too.

    `announce` is called with a condition before it is decided. Raises Undecided where none is shown, with the reasons.
    """
    certificates, reasons = {}, {}
    for name in conditions:
        announce(name)
        try:
            certificates[name] = PROVERS[name](data, start)
        except Undecided as reason:
            reasons[name] = str(reason)
    if not certificates:
        raise Undecided("; ".join(dict.fromkeys(reasons.values())))
    return DecidedConditions(certificates, reasons, _without_delta(data, start) if "C" in certificates else None)


def _without_delta(data: Dataset, start: StartBounds | None) -> DataOnlyCertificate | str:
    try:
        return certify_three_points(data, (start or StartBounds()).bound)
    except Undecided as reason:
        return str(reason)
