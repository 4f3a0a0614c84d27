"""What part of a whole something is, in per cent: one vendor, each category, the first three."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from tools.core.errors import RunError
from tools.front_desk.answering import MOST_PARTS, FigureAnswer

UNIT: Final = "percent"
_REMEDY: Final = "Ask for the two amounts."


@dataclass(frozen=True)
class ShareAnswer:
    """An answer in per cent, its whole, and of each part both values. of: part, currency, value, whole."""

    answer: FigureAnswer
    whole: FigureAnswer
    of: list[dict[str, str]]


def of_whole(part: FigureAnswer, whole: FigureAnswer, *, together: bool) -> ShareAnswer:
    """Give what part of a whole an answer is, currency by currency.

    together: the parts are the first of a split, and count as one. Raises RunError where a whole is not
    above zero: of that nothing is a part.
    """
    wholes = {(row["part"], row["currency"]): row["value"] for row in whole.values}
    rows = _together(part) if together else part.values
    pairs = [(row, _whole_of(row, wholes)) for row in rows]
    if not pairs or any(Decimal(value or "0") <= 0 for _, value in pairs):
        raise RunError("the whole is not above zero, so that there is no part of it.", remedy=_REMEDY)
    several = len({currency for _, currency in wholes}) > 1
    values = [_value(row, value, several=several) for row, value in pairs]
    notes = _notes(rows, together=together)
    answer = replace(
        part,
        unit=UNIT,
        values=values,
        definition=f"in per cent of the whole; {part.definition}",
        not_included=[*part.not_included, *notes],
    )
    of = [
        {"part": row["part"], "currency": row["currency"], "value": row["value"], "whole": value}
        for row, value in pairs
    ]
    return ShareAnswer(answer, whole, of)


def _whole_of(row: Mapping[str, Any], wholes: Mapping[tuple[str, str], str]) -> str:
    """Give the whole of the same part, or of all where the whole is not split."""
    currency = str(row["currency"])
    return wholes.get((str(row["part"]), currency)) or wholes.get(("", currency), "0")


def _notes(rows: Sequence[Mapping[str, Any]], *, together: bool) -> list[str]:
    if not together and len(rows) >= MOST_PARTS:
        return ["smaller parts, which are not shown"]
    return []


def _value(row: Mapping[str, Any], whole: str, *, several: bool) -> dict[str, Any]:
    """Give a share: it has no currency of its own, and names its money where there are several."""
    named = [str(row["part"]), *([str(row["currency"])] if several else [])]
    percent = Decimal(row["value"] or "0") * 100 / Decimal(whole)
    return {**row, "part": " ".join(filter(None, named)), "currency": "", "value": f"{percent:.2f}"}


def _together(part: FigureAnswer) -> list[dict[str, Any]]:
    """Add the parts of each currency."""
    sums: dict[str, dict[str, Any]] = {}
    for row in part.values:
        total = sums.setdefault(row["currency"], {**row, "part": "", "value": "0", "rows": 0})
        total["value"] = str(Decimal(total["value"]) + Decimal(row["value"] or "0"))
        total["rows"] += row["rows"]
    return list(sums.values())
