"""Which postings a run looks at: the window, the history before it, what is carried forward."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path


@dataclass(frozen=True)
class Window:
    """The days a run audits, by source.

    from_day: first day of each source's window; None (or an absent source): from the beginning.
    to_day: last day. history_days: days before the window that tests may look at.
    open_items: row_keys of unmatched rows carried forward from earlier runs.
    seen: snapshots of earlier runs; what was in their windows is history now, so that a look-back
    audits late arrivals and nothing twice.
    again: rows of this day and later are in the window although an earlier run has audited them; with
    date.min, rows without a day, too.
    aliases: other names of vendors that earlier runs learned: alias_key -> vendor_key.
    """

    from_day: Mapping[str, date | None]
    to_day: date
    history_days: int = 0
    open_items: frozenset[str] = field(default_factory=frozenset)
    audited: tuple[Path, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    again: date | None = None

    def starts(self, source: str) -> date | None:
        """Give the first day of a source's window, None when it has no beginning."""
        return self.from_day.get(source)

    def history_starts(self, source: str) -> date | None:
        """Give the first day of the history before it."""
        start = self.starts(source)
        return start and start - timedelta(days=self.history_days)
