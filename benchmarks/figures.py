"""A figure: what we measured, what there is to beat, and whether it was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

Number = float | int
Rule = Literal["at least", "at most", "exactly", "shown"]


@dataclass(frozen=True)
class Figure:
    """One measured figure. `beat` is the published or demanded one; "shown" figures have no verdict."""

    name: str
    ours: Number | str | None
    rule: Rule = "shown"
    beat: Number | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """Give "met" or "missed"; nothing for a figure that is only shown."""
        if self.rule == "shown" or self.beat is None:
            return ""
        if not isinstance(self.ours, int | float):
            return "missed"
        verdicts = {
            "at least": self.ours >= self.beat,
            "at most": self.ours <= self.beat,
            "exactly": self.ours == self.beat,
        }
        return "met" if verdicts[self.rule] else "missed"

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON primitives."""
        return {
            "name": self.name,
            "ours": self.ours,
            "rule": self.rule,
            "to_beat": self.beat,
            "verdict": self.verdict,
            "note": self.note,
        }


def share(part: int, whole: int) -> float | None:
    """Give part ÷ whole rounded to four digits; None of nothing."""
    return round(part / whole, 4) if whole else None


def f1(right: int, reported: int, true: int) -> float:
    """Give the harmonic mean of precision and recall: twice the right ones by the sum of found and true."""
    return round(2 * right / (reported + true), 4) if reported + true else 1.0


def pairs(
    reported: Iterable[tuple[Any, ...]],
    true: Iterable[tuple[Any, ...]],
    *,
    name: str,
    beat: float | None = None,
) -> list[Figure]:
    """Give precision, recall and F1 of found things against true ones; F1 is held against `beat`."""
    ours, true_pairs = set(reported), set(true)
    right = len(ours & true_pairs)
    note = f"{right:,} right of {len(ours):,} found and {len(true_pairs):,} true"
    return [
        Figure(f"{name}: precision", share(right, len(ours))),
        Figure(f"{name}: recall", share(right, len(true_pairs))),
        Figure(
            f"{name}: F1", f1(right, len(ours), len(true_pairs)), "at least" if beat else "shown", beat, note
        ),
    ]
