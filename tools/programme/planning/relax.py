"""Why a plan misses its deadline, and the smallest change that would help: each is tried, none is made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import combinations

from tools.programme.planning.plan import Changes, Planned, plan
from tools.programme.planning.staffing import who_may
from tools.programme.steps import ProgrammeSteps

_MOST = 200


def explain(programme: ProgrammeSteps, planned: Planned, start: datetime) -> list[str]:
    """Say what is late and what would help, the smallest first; nothing where the plan is in time."""
    if not planned.late:
        return []
    last = max(planned.late, key=lambda each: str(each["finish"]))
    lines = [f"{len(planned.late)} of {len(programme.steps)} tasks end late; the last is {last['task']}."]
    single = [(text, change) for text, change in _singles(programme, planned)][:_MOST]
    helps = [text for text, change in single if _suffices(programme, start, change)]
    if not helps:
        pairs = combinations(single[:12], 2)
        helps = [f"{a[0]}, and {b[0]}" for a, b in pairs if _suffices(programme, start, _union(a[1], b[1]))][
            :3
        ]
    lines += [f"It would be in time if {text}." for text in helps[:5]]
    if not helps:
        lines.append("No absence or skill alone, nor two of them, would bring it in time.")
    lines.append(f"As it stands, move the deadline to {str(last['finish'])[:16].replace('T', ' ')}.")
    return lines


def _singles(programme: ProgrammeSteps, planned: Planned) -> Iterator[tuple[str, Changes]]:
    people = programme.definition.people
    for name, person in people.items():
        for number, absence in enumerate(person.absences):
            yield (
                f"{name} were there from {absence.from_day} to {absence.to_day}",
                Changes(present=frozenset({(name, number)})),
            )
    scarce = {
        step.task.skill
        for each in planned.late
        for step in [programme.steps[str(each["task"])]]
        if step.task.kind == "person" and step.task.skill and len(who_may(programme.definition, step)) == 1
    }
    on_path = {
        step.task.skill
        for name in planned.schedule["critical_path"]
        for step in [programme.steps[name]]
        if step.task.kind == "person" and step.task.skill
    }
    for skill in sorted(scarce | on_path):
        for name, person in people.items():
            if skill not in person.skills:
                yield f"{name} could do {skill}, too", Changes(skills=frozenset({(name, skill)}))


def _union(first: Changes, second: Changes) -> Changes:
    return Changes(first.present | second.present, first.skills | second.skills)


def _suffices(programme: ProgrammeSteps, start: datetime, change: Changes) -> bool:
    return not plan(programme, start, seconds=0, changes=change).late
