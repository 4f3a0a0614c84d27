"""The least time between the end of one task and the start of the next, in hours of the programme's calendar.

free_at(definition, spec, ended) -> datetime | None     None: no link of the task names a least lag
later(calendar, moment, hours) -> datetime              so many hours of working time on
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import ceil

from tools.programme.definition import Calendar, Definition
from tools.programme.planning.calendar import slot_times
from tools.programme.steps import StepSpec

_HOUR = 3600.0


def free_at(definition: Definition, spec: StepSpec, ended: Mapping[str, datetime]) -> datetime | None:
    """Give the moment before which a task may not start. ended: when each task that it waits for ended."""
    moments = [
        later(definition.calendar, ended[link.task], link.min_lag_hours)
        for link in spec.links
        if link.min_lag_hours and link.task in ended
    ]
    return max(moments, default=None)


def later(calendar: Calendar, moment: datetime, hours: float) -> datetime:
    """Give the moment that lies so many hours of working time on, as the plan counts them."""
    if calendar.around_the_clock:
        return moment + timedelta(hours=hours)
    slot = ceil(hours * _HOUR / (calendar.slot_minutes * 60))
    return slot_times(calendar, moment, slot + 1).at(slot)
