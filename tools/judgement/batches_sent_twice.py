"""Rows that stand twice for one reason: a batch of one day that was sent again on another is one event.

Duplicates of unlike amounts that all have one day and one day before in common are no coincidence: somebody
sent, or loaded, the whole of it again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

Row = Mapping[str, Any]

PREFIX: Final = "sent "
_FEWEST: Final = 3  # duplicates with both days in common, and amounts
_PAIR: Final = "duplicate"


def marked(rows: Sequence[Row]) -> list[Row]:
    """Give the rows, those of one batch with its event.

    rows: of suspect, with partner_day (days since 1970; None where no row stands beside).
    """
    batches: dict[tuple[str, int, int], list[Row]] = defaultdict(list)
    for row in rows:
        if _apart(row):
            batches[row["source"], row["partner_day"], row["posted_day"]].append(row)
    event_of = {
        row["row_key"]: f"{PREFIX}{source} {before} {day}"
        for (source, before, day), batch in batches.items()
        if len({row["amount_minor"] for row in batch}) >= _FEWEST
        for row in batch
    }
    return [{**row, "event": event_of.get(row["row_key"], row.get("event"))} for row in rows]


def _apart(row: Row) -> bool:
    """Whether a row repeats one of another day, and is of no event yet."""
    days = row.get("partner_day"), row.get("posted_day")
    return row["family"] == _PAIR and not row.get("event") and None not in days and days[0] != days[1]
