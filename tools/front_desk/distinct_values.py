"""Of what different values are counted: "how many people used a card", "wie viele Kategorien"."""

from __future__ import annotations

from typing import Final

from tools.front_desk.marks import SentenceMarks

_COUNTABLE: Final = ("person", "category", "account", "source", "currency")
_NEAR: Final = 3  # words between "how many" and what is counted


def counted_dimension(marks: SentenceMarks) -> str:
    """Give the dimension whose values a sentence counts; "" where rows are counted."""
    starts = [place for place, value in marks.senses["aggregates"] if value == "count"]
    things = [(place, value) for place, value in marks.senses["dimensions"] if value in _COUNTABLE]
    groups = {place for place, _ in marks.senses["dimensions"]}
    others = {place for place, _ in marks.senses["nouns"] if place not in groups}
    others |= {place for place, _ in marks.senses["by"]}
    return next(
        (
            value
            for place, value in sorted(things)
            for start in starts
            if place not in marks.described
            and 0 < place - start <= _NEAR
            and not others & {*range(start, place)}
        ),
        "",
    )
