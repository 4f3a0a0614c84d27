"""What subjects of a request come to: how many, how much money by currency, how grave."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from tools.core.severity_levels import RISKS

_SUM = re.compile(r"(-?[0-9.]+) ([A-Z]{3})")  # as a subject of several currencies words its exposure


def in_words(subjects: Sequence[Mapping[str, Any]]) -> str:
    """Word what subjects come to: "24 cases with 127 flags, 640,778.42 USD, risk up to CRITICAL"."""
    flags = sum(int(subject.get("flags") or 0) for subject in subjects)
    sums = [f"{amount:,} {currency}" for currency, amount in sorted(exposure(subjects).items())]
    risks = {str(subject.get("risk")) for subject in subjects}
    gravest = next((risk for risk in reversed(RISKS) if risk in risks), "")
    count = f"{len(subjects)} {'subject' if len(subjects) == 1 else 'subjects'}"
    return ", ".join(
        filter(
            None,
            (
                f"{count} with {flags:,} {'flag' if flags == 1 else 'flags'}" if flags else count,
                *sums,
                f"risk up to {gravest}" if gravest else "",
            ),
        )
    )


def exposure(subjects: Iterable[Mapping[str, Any]]) -> dict[str, Decimal]:
    """Add up what subjects expose, by currency: different currencies are never added."""
    sums: dict[str, Decimal] = {}
    for subject in subjects:
        text = f"{subject.get('exposure', '')} {subject.get('currency', '')}"
        for amount, currency in _SUM.findall(text.replace(",", "")):
            sums[currency] = sums.get(currency, Decimal(0)) + Decimal(amount)
    return sums
