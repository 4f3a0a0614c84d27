"""Suppressions that people's reviews led to: what they reach, and that they have run out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Literal

from tools.core import money
from tools.judgement.severity import SeverityStep, SeverityVerdict
from tools.rules.learned import Suppression

State = Literal["holds", "expired", "too large"]


def suppressed(
    judged: SeverityVerdict,
    row: Mapping[str, Any],
    tests: Sequence[Mapping[str, Any]],
    suppressions: Sequence[Suppression],
    *,
    day: date,
    strong_over: int,
    currency: str,
) -> SeverityVerdict:
    """Make a WARNING an INFO where a suppression reaches it; one that no longer does leaves a step."""
    if judged.severity != "WARNING" or not suppressions:
        return judged
    reached = reach(row, tests, suppressions, day=day, strong_over=strong_over, currency=currency)
    if reached is None:
        return judged
    state, because = reached
    if state != "holds":
        return replace(judged, steps=(*judged.steps, SeverityStep(f"suppression {state}", because)))
    return replace(
        judged, severity="INFO", steps=(*judged.steps, SeverityStep("suppressed", because, severity="INFO"))
    )


def reach(
    row: Mapping[str, Any],
    tests: Sequence[Mapping[str, Any]],
    suppressions: Sequence[Suppression],
    *,
    day: date,
    strong_over: int,
    currency: str,
) -> tuple[State, str] | None:
    """Say whether suppressions cover every test that makes a row a suspect, and in which words.

    row, tests: of suspect. day: of the audit, so that a run repeated later comes to the same.
    """
    names = {str(row[name]).casefold() for name in ("vendor_name", "vendor_key", "vendor_id") if row[name]}
    ours = [suppression for suppression in suppressions if suppression.vendor.casefold() in names]
    strong = [test["test"] for test in tests if test["score"] > strong_over]
    needed = set(strong or [test["test"] for test in tests])
    covering = [suppression for suppression in ours if suppression.test in needed]
    if not needed or {suppression.test for suppression in covering} != needed:
        return None
    until = ", ".join(f"{suppression.test} until {suppression.expires}" for suppression in covering)
    if {suppression.test for suppression in covering if suppression.holds(day)} != needed:
        return "expired", f"{until}: expired on {day}"
    least = min(suppression.most for suppression in covering if suppression.holds(day))
    if row["exposure_base"] > money.to_minor(least, currency):
        return "too large", f"{until}: not above {least:,.2f} {currency}"
    return "holds", f"{until}, up to {least:,.2f} {currency}; learned from reviews"
