"""A source's days and times as SQL: from the texts of its cells to canonical dates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from tools.ledger import date_formats
from tools.ledger.sources import Entity, Source

_TIMES: Final = ("%H", "%I", "%T", "%X", "%c", "%z")


@dataclass(frozen=True)
class DateColumns:
    """Writes the expressions of one source's dates over the columns t_, d_ and m_ of `FileQuery`.

    bind: takes a value, gives its placeholder. typed: what was a date is in ISO 8601.
    """

    source: Source
    entity: Entity
    canonical: Mapping[str, str]
    bind: Callable[[object], str]
    typed: bool

    def names(self) -> list[str]:
        """Name the source's columns of days and times."""
        return [n for n in self.source.columns if self.canonical.get(n) in ("DATE", "TIMESTAMP")]

    def parsed(self, text: str) -> tuple[str, str]:
        """Give a text's date and, where it has a time, its moment."""
        zones = (
            f"{self.bind(self.source.timezone or self.entity.timezone)}, {self.bind(self.entity.timezone)}"
        )
        day, moment = f"iso_date({text})", f"iso_moment({text}, {zones})"
        if not self.source.date_format:
            return day, moment
        if self.source.date_format == date_formats.SERIAL:
            return (
                f"coalesce(serial_date({text}), {day})",
                f"coalesce(serial_moment({text}, {zones}), {moment})",
            )
        if yearless := date_formats.without_year(self.source.date_format):
            return f"coalesce({date_formats.latest_sql(text, *yearless, self.bind)}, {day})", moment
        plain, form = date_formats.plain_sql(text, self.source.date_format)
        read = f"try_strptime({plain}, {self.bind(form)})"
        # ISO 8601 can be nothing else, unless the format itself begins with the year.
        iso = self.typed or not self.source.date_format.startswith("%Y-")
        if not any(directive in self.source.date_format for directive in _TIMES):
            days = [f"CAST({read} AS DATE)", *([day] if iso else [])]
            return (
                f"coalesce({', '.join(reversed(days) if self.typed else days)})",
                moment if iso else "CAST(NULL AS TIMESTAMP)",
            )
        at = (
            f"timezone({zones.split(', ')[1]}, {read})"
            if "%z" in self.source.date_format
            else f"in_zone({read}, {zones})"
        )
        return day if iso else "CAST(NULL AS DATE)", f"coalesce({at}, {moment if iso else 'NULL'})"

    def day(self, name: str) -> str:
        """Give the expression of a column's day."""
        return f"in_range(coalesce(d_{name}, CAST(m_{name} AS DATE)))"

    def moment(self, name: str) -> str:
        """Give the expression of a column's moment; NULL where it has no time of day."""
        if self.canonical.get(name) == "TIMESTAMP" and name != "posted_at":
            return f"in_range(coalesce(m_{name}, CAST(d_{name} AS TIMESTAMP)))"
        return f"in_range(m_{name})"

    def period(self) -> dict[str, str]:
        """Give the expression of a period as 2025-03, where the source has one."""
        if "period" not in self.source.columns or "period" not in self.canonical:
            return {}
        day, moment = self.parsed("t_period")
        return {"period": f"coalesce(strftime(coalesce({day}, CAST({moment} AS DATE)), '%Y-%m'), t_period)"}
