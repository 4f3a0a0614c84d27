"""Versions of a programme's plan: each with its reason and what it changed, kept for the file.

first(store, run_id) -> Plan               once a run
replan(store, run_id, reason) -> Plan       what runs or is done stays where it is
Source: ISA 300, 10 and A18: changes of the plan are documented with their reasons.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from tools.core.clock import clock
from tools.programme import dependencies, records
from tools.programme.planning.plan import Actual, plan
from tools.programme.planning.relax import explain
from tools.programme.records import ProgrammeStanding
from tools.store import Store
from tools.store.models import Plan
from tools.store.writes import insert_new

FIRST: Final = "first plan"
BY_RULE: Final = "rule"
MOVED: Final = timedelta(minutes=1)  # a task that moves by less did not move


def first(store: Store, run_id: str) -> Plan:
    """Plan a programme from its start on."""
    standing = records.load(store, run_id)
    if standing.plan is not None:
        return standing.plan
    start = standing.programme.definition.starts_at or _whole_minute(clock().now())
    planned = plan(standing.programme, start)
    schedule = {**planned.schedule, "advice": explain(standing.programme, planned, start)}
    return _keep(store, standing, 1, reason=FIRST, schedule=schedule, changed=[])


def replan(store: Store, run_id: str, reason: str) -> Plan:
    """Plan what has not begun anew; the same reason as before changes nothing."""
    standing = records.load(store, run_id)
    if standing.plan is None:
        return first(store, run_id)
    if standing.plan.reason == reason:
        return standing.plan
    before: dict[str, Any] = standing.plan.schedule
    start = datetime.fromisoformat(before["start"])
    planned = plan(standing.programme, start, actual=actual(standing), now=clock().now())
    advice = explain(standing.programme, planned, start) if planned.late else []
    schedule = {**planned.schedule, "advice": advice}
    changed = changes(before["tasks"], schedule["tasks"])
    version = standing.plan.version + 1
    return _keep(store, standing, version, reason=reason, schedule=schedule, changed=changed)


def approve(store: Store, run_id: str, by: str) -> None:
    """Note who approved the plan in force."""
    with store.begin() as session:
        newest = select(Plan).where(Plan.run_id == run_id).order_by(Plan.version.desc()).limit(1)
        row = session.scalar(newest)
        if row is not None and not row.approved_by:
            row.approved_by = by


def actual(standing: ProgrammeStanding) -> dict[str, Actual]:
    """Give where each task stands that has begun."""
    return {
        name: Actual(
            step.started_at, step.ended_at if step.status in dependencies.ENDED else None, step.person
        )
        for name, step in standing.steps.items()
        if step.started_at is not None and step.status != "waiting"
    }


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Give what a new plan changes: task, what, before, after."""
    return [
        {"task": name, "what": key, "before": before[name][key], "after": now[key]}
        for name, now in after.items()
        for key in ("start", "finish", "person")
        if name in before and _moved(key, str(before[name][key]), str(now[key]))
    ]


def all_plans(store: Store, run_id: str) -> list[Plan]:
    """Give every version, the oldest first."""
    with store.read() as session:
        return list(session.scalars(select(Plan).where(Plan.run_id == run_id).order_by(Plan.version)))


def _moved(key: str, was: str, now: str) -> bool:
    if key == "person":
        return was != now
    return abs(datetime.fromisoformat(now) - datetime.fromisoformat(was)) >= MOVED


def _keep(
    store: Store,
    standing: ProgrammeStanding,
    version: int,
    *,
    reason: str,
    schedule: dict[str, Any],
    changed: list[dict[str, Any]],
) -> Plan:
    run_id = standing.run.run_id
    row = {
        "run_id": run_id,
        "version": version,
        "reason": reason,
        "changes": changed,
        "schedule": schedule,
        "made_at": clock().now(),
        # What a person approved is the version before; that this one follows it is a rule's word.
        "approved_by": BY_RULE if standing.plan and standing.plan.approved_by else "",
    }
    with store.begin() as session:
        insert_new(session, Plan, [row])
        if version > 1:
            details = {"version": version, "reason": reason, "changes": len(changed)}
            records.happened(store, run_id, "", "replanned", details=details, wake=False)
    current = records.load(store, run_id).plan
    if current is None:
        raise LookupError(f"the plan of {run_id} was not kept")
    return current


def _whole_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
