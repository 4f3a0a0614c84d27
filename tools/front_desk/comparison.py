"""Two answers held against each other part by part, and the parts in the order of their change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from tools.front_desk import figures
from tools.front_desk.answering import MOST_PARTS, FigureAnswer

# Which changes are asked for, and whether the greatest number is the first of them.
_SUMMED: Final = ("sum", "count", "distinct", "total")  # of no rows they are zero
_DIRECTIONS: Final[Mapping[str, int]] = {"rise": 1, "fall": -1}


def changes(now: FigureAnswer, before: FigureAnswer) -> list[dict[str, str]]:
    """Give each part's two values, its change, and that in per cent of the value before."""
    earlier = {(row["part"], row["currency"]): row["value"] for row in before.values}
    later = {(row["part"], row["currency"]): row["value"] for row in now.values}
    if now.unit == "day":
        return []
    nothing = "0" if figures.by_name(now.figure).aggregate in _SUMMED or now.unit == "count" else ""
    return [
        _change(part, currency, later.get((part, currency), nothing), earlier.get((part, currency), nothing))
        for part, currency in dict.fromkeys([*later, *earlier])
    ]


def _change(part: str, currency: str, now: str, before: str) -> dict[str, str]:
    if not (now and before):  # a mean of nothing is no zero
        return {
            "part": part, "currency": currency, "now": now, "before": before, "change": "", "percent": "",
        }  # fmt: skip
    difference, old = Decimal(now) - Decimal(before), Decimal(before)
    percent = f"{difference / abs(old) * 100:.1f}" if old else ""
    return {
        "part": part, "currency": currency, "now": now, "before": before,
        "change": str(difference), "percent": percent,
    }  # fmt: skip


def ordered(
    rows: Sequence[dict[str, str]], direction: str, *, least: bool, percent: bool, most: int
) -> list[dict[str, str]]:
    """Give the first changes of each currency: the greatest rises, falls, or moves either way ("change").

    percent: in per cent of the value before; what there was nothing of before has no per cent.
    """
    sign = _DIRECTIONS.get(direction, 0)
    comparable = [row for row in rows if row["percent" if percent else "change"]]
    moved = [row for row in comparable if not sign or Decimal(row["change"]) * sign > 0]
    moved.sort(key=lambda row: (_size(row, percent=percent) * (1 if least else -1), row["part"]))
    return [
        row
        for currency in dict.fromkeys(row["currency"] for row in rows)
        for row in [change for change in moved if change["currency"] == currency][:most]
    ]


def _size(row: Mapping[str, str], *, percent: bool) -> Decimal:
    size = abs(Decimal(row["change"]))
    return size / abs(Decimal(row["before"])) if percent else size


def largest(rows: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Give the parts that are shown of many: those with the greatest value, then or now."""
    if len(rows) <= MOST_PARTS:
        return list(rows)
    weight = {id(row): max(abs(Decimal(row["now"] or 0)), abs(Decimal(row["before"] or 0))) for row in rows}
    greatest = {id(row) for row in sorted(rows, key=lambda row: -weight[id(row)])[:MOST_PARTS]}
    return [row for row in rows if id(row) in greatest]


def narrowed(answer: FigureAnswer, rows: Sequence[Mapping[str, str]], column: str) -> FigureAnswer:
    """Give an answer with the values of these changes alone, in their order; column: now or before."""
    values = {(value["part"], value["currency"]): value for value in answer.values}
    parts = [
        values.get((row["part"], row["currency"])) or _empty(row["part"], row["currency"], row[column])
        for row in rows
    ]
    further = len(values) - sum((row["part"], row["currency"]) in values for row in rows)
    notes = [f"{further} further parts, which are not shown"] if further else []
    return replace(answer, values=parts, not_included=[*answer.not_included, *notes])


def _empty(part: str, currency: str, value: str) -> dict[str, Any]:
    nothing = {"part": part, "currency": currency, "value": value, "rows": 0}
    return {**nothing, "first_day": None, "last_day": None}
