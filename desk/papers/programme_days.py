"""A programme's plan as a calendar (RFC 5545) for people's own."""

from __future__ import annotations

from datetime import datetime, timedelta

from icalendar import Calendar, Event

from tools.core.clock import clock
from tools.programme.records import ProgrammeStanding


def calendar(standing: ProgrammeStanding, person: str = "") -> bytes:
    """Give the tasks of a person, or of all people, as events from planned start to planned finish."""
    days = Calendar()
    days.add("prodid", "-//Tieout//programme//EN")
    days.add("version", "2.0")
    planned = standing.plan.schedule["tasks"] if standing.plan else {}
    for name, task in planned.items():
        whose = standing.steps[name].person or task["person"]
        if not whose or (person and whose != person):
            continue
        spec = standing.programme.steps[name]
        event = Event()
        event.add("uid", f"{name}.{standing.run.run_id}@tieout")
        event.add("dtstamp", clock().now())
        event.add("dtstart", _minute(task["start"]))
        event.add("dtend", _minute(task["finish"], later=59))
        event.add("summary", f"{name}: {spec.task.name} ({whose})")
        if about := " ".join(filter(None, (spec.task.objective, spec.task.procedure))):
            event.add("description", about)
        days.add_component(event)
    return bytes(days.to_ical())


def _minute(moment: str, later: int = 0) -> datetime:
    """Give the whole minute that a moment lies in, or the next one: a calendar shows no seconds."""
    return (datetime.fromisoformat(moment) + timedelta(seconds=later)).replace(second=0, microsecond=0)
