"""Entries out of a calendar file (RFC 5545), repeated ones written out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, Final

from dateutil.rrule import rrulestr
from icalendar import Calendar
from icalendar.cal import Component

from tools.ledger.documents.plain import text_of, tidy

MOST_EVENTS: Final = 20_000
MOST_REPEATS: Final = 500  # of one entry


def events(data: bytes) -> list[dict[str, Any]]:
    """Read a calendar's entries: doc_id, starts, ends (ISO; with an offset where known), title, ...

    Raises ValueError when the bytes are no calendar.
    """
    rows: list[dict[str, Any]] = []
    for calendar in Calendar.from_ical(text_of(data), multiple=True):
        for event in calendar.walk("VEVENT"):
            rows.extend(islice(_event_rows(event), MOST_EVENTS - len(rows)))
    if not rows and (b"BEGIN:VEVENT" in data or b"BEGIN:VCALENDAR" not in data):
        raise ValueError("holds no whole calendar entry")
    return rows


def _event_rows(event: Component) -> Iterator[dict[str, Any]]:
    start = _value(event, "DTSTART")
    uid = tidy(str(event.get("UID", "")))[:200]
    if not isinstance(start, date):
        yield {
            "doc_id": uid,
            "problem": "an entry without a start that is a date",
            "raw": tidy(str(event))[:1000],
        }
        return
    length = _length(event, start)
    same = {
        "title": tidy(str(event.get("SUMMARY", ""))),
        "attendees": ";".join(_people(event)),
        "location": tidy(str(event.get("LOCATION", ""))),
    }
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        same["title"] = f"Cancelled: {same['title']}"
    for place, begins in enumerate(_starts(event, start)):
        name = f"{uid}/{begins:%Y-%m-%d}" if place else uid
        yield {"doc_id": name, "starts": begins.isoformat(), "ends": (begins + length).isoformat(), **same}


def _value(event: Component, name: str) -> Any:  # noqa: ANN401 - what the library gives
    return getattr(event.get(name), "dt", None)


def _length(event: Component, start: date) -> timedelta:
    end, lasts = _value(event, "DTEND"), _value(event, "DURATION")
    if isinstance(lasts, timedelta):
        return lasts
    if type(end) is type(start):
        try:
            return max(timedelta(0), end - start)
        except TypeError:  # one with an offset, the other without
            return timedelta(0)
    return timedelta(0)


def _starts(event: Component, start: date) -> Iterator[date]:
    """Give an entry's days: the first, and what its rule repeats, less what it leaves out."""
    rule = event.get("RRULE")
    if rule is None or isinstance(rule, list):
        yield start
        return
    at = start if isinstance(start, datetime) else datetime(start.year, start.month, start.day)  # noqa: DTZ001 - a day
    plain = at.replace(tzinfo=None)
    exceptions = {value.dt for dates in _listed(event.get("EXDATE")) for value in dates.dts}
    text = rule.to_ical().decode()
    # A rule's end may be in UTC where the start has no zone; the library takes only the same.
    text = ";".join(part.rstrip("Z") if part.startswith("UNTIL=") else part for part in text.split(";"))
    yield start
    for each in islice(rrulestr(text, dtstart=plain), MOST_REPEATS):
        begins = each.replace(tzinfo=at.tzinfo)
        if each != plain and begins not in exceptions and begins.date() not in exceptions:
            yield begins if isinstance(start, datetime) else begins.date()


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _people(event: Component) -> Iterator[str]:
    for person in [*_listed(event.get("ORGANIZER")), *_listed(event.get("ATTENDEE"))]:
        address = str(person).removeprefix("mailto:").removeprefix("MAILTO:")
        name = tidy(str(getattr(person, "params", {}).get("CN", "")))
        yield tidy(f"{name} <{address}>" if name and name != address else address)
