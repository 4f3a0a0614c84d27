"""Papers that people owe past their time: reminded of shortly before, and by the recovery table afterwards.

remind(store, run_id) -> list[str]      tasks about which somebody was reminded, or now is asked

A task is due when its plan says, or as long after somebody got it as it was planned to take, where that is
later; its review as long after the preparer signed as one reminder is from the next. The calendar's hours.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from tools.core.clock import clock
from tools.programme import dispatch, lags, people_levels, records, signing
from tools.programme.definition import SECONDS_AN_HOUR
from tools.programme.people_levels import OwedPaper
from tools.programme.records import ProgrammeStanding
from tools.programme.working_papers import papers
from tools.runs.recovery_table import ErrorKind
from tools.store import Store
from tools.store.models import Step, StepEvent

DUE_SOON: Final = "due_soon"


class Obligation(NamedTuple):
    """Whose turn a paper is ([]: whoever may), what is missing without them, since when and until when."""

    people: list[str]
    kind: ErrorKind
    since: datetime
    due: datetime


def remind(store: Store, run_id: str) -> list[str]:
    """Remind of every paper that is due soon or late, once a level and interval; give the tasks."""
    standing = records.load(store, run_id)
    owed = [name for name, step in standing.steps.items() if _is_owed(step)]
    if not owed:
        return []
    with store.begin() as session:
        records.hold(session, run_id)
        standing = records.load(store, run_id)
        last = _last_words(session, run_id)
        steps = [records.step_of(session, run_id, name) for name in owed]
        done = [
            step.step_id for step in steps if _reminded(store, standing, step, last.get(step.step_id, {}))
        ]
        session.flush()
        return done


def _is_owed(step: Step) -> bool:
    """Say whether people have a task, rather than a run of its own that asks them itself."""
    return step.status == "with_person" and not step.asks_itself


def _last_words(session: Session, run_id: str) -> dict[str, Mapping[str, Any]]:
    """Give the last event by which a task was handed to somebody, or they were told that it is due soon."""
    kinds = ("given", "given again", DUE_SOON)
    query = select(StepEvent).where(StepEvent.run_id == run_id, StepEvent.kind.in_(kinds))
    events = session.scalars(query.order_by(StepEvent.event_no))
    return {event.step_id: {"kind": event.kind, **event.details} for event in events}


def _reminded(store: Store, standing: ProgrammeStanding, step: Step, last: Mapping[str, Any]) -> bool:
    """Remind of a task of the session where that is due. last: what was said about it last."""
    obligation, name = _obligation(store, standing, step, str(last.get("until", ""))), step.step_id
    if clock().now() < obligation.due:
        return _due_soon(store, standing, step, obligation, last)
    if clock().now() < _next(standing, step, obligation):
        return False
    what = "prepared" if obligation.kind == "evidence_missing" else "reviewed"
    whom = ", ".join(obligation.people) or "Nobody who may"
    why = f"{name} was to be {what} by {obligation.due:%Y-%m-%d %H:%M} UTC; {whom} has not yet"
    people_levels.climb(store, standing, step, OwedPaper(obligation.kind, why, obligation.people))
    return True


def _obligation(store: Store, standing: ProgrammeStanding, step: Step, until: str) -> Obligation:
    spec, definition = standing.programme.steps[step.step_id], standing.programme.definition
    if signing.next_role(store, standing, step.step_id) == "reviewer":
        signed = [each for each in papers.signatures(store, step.run_id, step.step_id) if not each.void]
        since = max(each.at for each in signed)
        whom = people_levels.reviewers(standing, spec, but=step.person)
        people = [spec.task.reviewer] if spec.task.reviewer else whom
        due = lags.later(definition.calendar, since, definition.recovery.remind_every_hours)
        return Obligation(people, "signoff_refused", since, due)
    machine = spec.task.kind != "person"
    since = (step.ended_at if machine else step.started_at) or clock().now()
    hours = definition.recovery.remind_every_hours if machine else spec.task.points[1] / SECONDS_AN_HOUR
    due = lags.later(definition.calendar, since, hours)
    planned = [datetime.fromisoformat(until)] if until else []
    kind: ErrorKind = "signoff_refused" if machine else "evidence_missing"
    return Obligation([step.person] if step.person else [], kind, since, max([due, *planned]))


def _due_soon(
    store: Store, standing: ProgrammeStanding, step: Step, obligation: Obligation, last: Mapping[str, Any]
) -> bool:
    """Tell whoever has a task that it is due soon: once, and not at once after they got it."""
    definition = standing.programme.definition
    hours = definition.recovery.remind_before_hours
    soon = lags.later(definition.calendar, clock().now(), hours)
    fresh = lags.later(definition.calendar, obligation.since, hours) >= obligation.due
    if (
        soon < obligation.due
        or fresh
        or last.get("kind") == DUE_SOON
        or obligation.kind != "evidence_missing"
    ):
        return False
    named = f"{step.step_id} ({standing.programme.steps[step.step_id].task.name})"
    title = f"{step.person or 'Somebody'}: {named} is due by {obligation.due:%Y-%m-%d %H:%M} UTC"
    details = {"person": step.person, "until": obligation.due.isoformat()}
    records.happened(store, step.run_id, step.step_id, DUE_SOON, details=details, wake=False)
    dispatch.tell(store, standing, f"{DUE_SOON}-{step.step_id}-{len(step.remedies)}", title)
    return True


def _next(standing: ProgrammeStanding, step: Step, obligation: Obligation) -> datetime:
    """Give when somebody is next reminded: when it is due, then as often as the programme says."""
    last = [
        datetime.fromisoformat(str(remedy["at"]))
        for remedy in step.remedies
        if remedy.get("kind") == obligation.kind
    ]
    if not last or last[-1] < obligation.since:
        return obligation.due
    definition = standing.programme.definition
    return max(
        obligation.due, lags.later(definition.calendar, last[-1], definition.recovery.remind_every_hours)
    )
