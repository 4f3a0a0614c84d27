"""Slots of working time: which moment a slot is, and which slots a person works."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from math import ceil

import holidays
import numpy as np
from numpy.typing import NDArray

from tools.programme.definition import Calendar, WorkerDefinition
from tools.programme.planning.project import Slots
from tools.programme.steps import ProgrammeError

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MINUTE = 60.0


@dataclass(frozen=True)
class SlotTimes:
    """The slots from a moment on: slot n begins at `begins[n]`, lasts `seconds`, and is on `days[n]`."""

    seconds: float
    begins: tuple[datetime, ...]
    days: tuple[date, ...]
    place: tuple[int, ...]  # of a slot within its day

    def at(self, slot: int) -> datetime:
        """Give the moment at which a slot begins; past the last, on at the same pace."""
        if slot < len(self.begins):
            return self.begins[slot]
        return self.begins[-1] + timedelta(seconds=self.seconds * (slot - len(self.begins) + 1))

    def ended(self, slot: int) -> datetime:
        """Give the moment at which the slot before this one has ended."""
        return self.at(slot - 1) + timedelta(seconds=self.seconds) if slot > 0 else self.at(0)

    def slots(self, seconds: float) -> int:
        """Give how many slots a duration takes, at least one."""
        return max(1, ceil(seconds / self.seconds - 1e-9))

    def slot_at(self, moment: datetime) -> int:
        """Give the first slot that begins at a moment or later."""
        return bisect_left(self.begins, moment)

    def worked_by(self, person: WorkerDefinition) -> Slots:
        """Give the slots that a person works: not those of absences, nor of a day past their hours."""
        most = person.hours_per_day * _MINUTE * _MINUTE / self.seconds
        away = [(absence.from_day, absence.to_day) for absence in person.absences]
        days, places = self._arrays
        works = places < most
        for begin, end in away:
            works &= (days < np.datetime64(begin)) | (days > np.datetime64(end))
        return works.nonzero()[0]

    @cached_property
    def _arrays(self) -> tuple[NDArray[np.datetime64], NDArray[np.int64]]:
        return np.array(self.days, dtype="datetime64[D]"), np.array(self.place, dtype=np.int64)


def slot_times(calendar: Calendar, start: datetime, count: int, seconds: float = 0.0) -> SlotTimes:
    """Give so many slots of a calendar from a moment on. Raises ProgrammeError for an unknown country.

    seconds: of a slot around the clock, where the calendar's are too long for what is to be planned.
    """
    if calendar.around_the_clock:
        length = seconds or calendar.slot_minutes * _MINUTE
        begins = tuple(start + timedelta(seconds=length * number) for number in range(count))
        return SlotTimes(length, begins, tuple(each.date() for each in begins), (0,) * count)
    length = calendar.slot_minutes * _MINUTE
    begun, days, places = [], [], []
    for day in _working_days(calendar, start.date()):
        for place, moment in enumerate(_of_day(calendar, day)):
            if moment >= start:
                begun.append(moment)
                days.append(day)
                places.append(place)
        if len(begun) >= count:
            break
    return SlotTimes(length, tuple(begun[:count]), tuple(days[:count]), tuple(places[:count]))


def _working_days(calendar: Calendar, day: date) -> Iterator[date]:
    works = {_DAYS.index(name) for name in calendar.days}
    closed = _holidays(calendar.country)
    while True:
        if day.weekday() in works and day not in closed:
            yield day
        day += timedelta(days=1)


def _holidays(country: str) -> holidays.HolidayBase:
    if not country:
        return holidays.HolidayBase()
    try:
        return holidays.country_holidays(country)
    except NotImplementedError:
        raise ProgrammeError(
            f"calendar.country: no holidays are known for '{country}'.",
            remedy="Write the two letters of ISO 3166.",
        ) from None


def _of_day(calendar: Calendar, day: date) -> Iterator[datetime]:
    moment = datetime.combine(day, calendar.begins, UTC)
    end = datetime.combine(day, _whole(calendar.ends), UTC)
    while moment < end:
        yield moment
        moment += timedelta(minutes=calendar.slot_minutes)


def _whole(ends: time) -> time:
    return ends.replace(tzinfo=None)
