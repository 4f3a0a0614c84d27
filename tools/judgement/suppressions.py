"""Suppressions that people's reviews led to: what they reach, and that they have run out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Literal

from tools.core import money
from tools.judgement.severity import Step, Verdict
from tools.rules.learned import Suppression

State = Literal["holds", "expired", "too large"]


def suppressed(
    said: Verdict,
    row: Mapping[str, Any],
    tests: Sequence[Mapping[str, Any]],
    suppressions: Sequence[Suppression],
    *,
    day: date,
    strong_over: int,
    currency: str,
) -> Verdict:
    """Make a WARNING an INFO where a suppression reaches it; one that no longer does leaves a step."""
    if said.severity != "WARNING" or not suppressions:
        return said
    found = reach(row, tests, suppressions, day=day, strong_over=strong_over, currency=currency)
    if found is None:
        return said
    state, because = found
    if state != "holds":
        return replace(said, steps=(*said.steps, Step(f"suppression {state}", because)))
    return replace(said, severity="INFO", steps=(*said.steps, Step("suppressed", because, severity="INFO")))


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
    ours = [one for one in suppressions if one.vendor.casefold() in names]
    strong = [test["test"] for test in tests if test["score"] > strong_over]
    needed = set(strong or [test["test"] for test in tests])
    covering = [one for one in ours if one.test in needed]
    if not needed or {one.test for one in covering} != needed:
        return None
    said = ", ".join(f"{one.test} until {one.expires}" for one in covering)
    if {one.test for one in covering if one.holds(day)} != needed:
        return "expired", f"{said}: expired on {day}"
    least = min(one.most for one in covering if one.holds(day))
    if row["exposure_base"] > money.to_minor(least, currency):
        return "too large", f"{said}: not above {least:,.2f} {currency}"
    return "holds", f"{said}, up to {least:,.2f} {currency}; learned from reviews"
