"""A programme's plan as a calendar (RFC 5545) for people's own."""

from __future__ import annotations

from datetime import datetime

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
        event.add("dtstart", datetime.fromisoformat(task["start"]))
        event.add("dtend", datetime.fromisoformat(task["finish"]))
        event.add("summary", f"{name}: {spec.task.name} ({whose})")
        if about := " ".join(filter(None, (spec.task.objective, spec.task.procedure))):
            event.add("description", about)
        days.add_component(event)
    return bytes(days.to_ical())
