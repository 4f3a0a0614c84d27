"""Whose mean is asked for: of rows, or of the sums of months and the like: "average spend per month"."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tools.front_desk import figures, means
from tools.front_desk.marks import SentenceMarks

_SUMMED: Final = (
    "spend", "revenue", "expense", "result", "cash flow", "inflow", "outflow", "exposure",
)  # fmt: skip
_EACH: Final = ("per", "pro", "je", "each", "for each", "fuer jeden", "fuer jede", "fuer jedes")


def versions(marks: SentenceMarks) -> list[SentenceMarks]:
    """Give the marks as they are, with the unit whose sums are averaged, or both where it is not said."""
    unit = _unit(marks)
    if not unit:
        return [marks]
    averaged = replace(marks, mean_over=unit)
    in_time = unit in means.UNITS
    return [averaged] if in_time and _is_summed(marks) else [averaged, marks]


def _unit(marks: SentenceMarks) -> str:
    if "average" not in marks.values("aggregates"):
        return ""
    in_time = next((unit for unit in marks.splits if unit in means.UNITS), "")
    of_each = any(marks.phrase(place) in _EACH for place, _ in marks.senses["by"]) and _is_summed(marks)
    return in_time or next((unit for unit in marks.splits if of_each and unit in means.COUNTED), "")


def _is_summed(marks: SentenceMarks) -> bool:
    """Say whether a sum or a count is averaged, not single rows: spend, not invoices."""
    sums = [figures.by_name(name).aggregate == "sum" for name in marks.values("phrases")]
    nouns = marks.values("nouns")
    return any(sums) or "count" in marks.values("aggregates") or any(noun in _SUMMED for noun in nouns)
