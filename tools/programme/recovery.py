"""What the programme does about a failed task: the recovery table's second level; else a person is asked.

recover(store, run_id) -> Recovered
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from tools.core.clock import clock
from tools.programme import asking, dependencies, people_levels, records
from tools.programme.records import ProgrammeStanding
from tools.runs.recovery_table import TABLE, WIDESPREAD, kind_of
from tools.store import Store
from tools.store.models import Step

MOST_CORES: Final = 4


@dataclass
class Recovered:
    """Which tasks are tried again, and which a person has to decide on."""

    again: list[str] = field(default_factory=list)
    person: list[str] = field(default_factory=list)


def recover(store: Store, run_id: str) -> Recovered:
    """Try every failed task again as the table says, or leave it to a person. Again, it changes nothing."""
    done = Recovered()
    with store.begin() as session:
        records.hold(session, run_id)
        standing = records.load(store, run_id)
        done.person += asking.unasked(store, standing)
        for name, state in standing.steps.items():
            if state.status != "failed":
                continue
            step = records.step_of(session, run_id, name)
            if why := _owed(standing, step) or _for_person(standing, step):
                step.status = "escalated"
                records.happened(store, run_id, name, "escalated", details={"why": why}, wake=False)
                done.person.append(name)
            else:
                _retry(store, session, standing, step)
                done.again.append(name)
    return done


def _owed(standing: ProgrammeStanding, step: Step) -> str:
    """Say what people owe: it failed once nobody was left to be reminded."""
    return step.error if standing.programme.steps[step.step_id].is_owed(step.error_kind) else ""


def _for_person(standing: ProgrammeStanding, step: Step) -> str:
    """Say why a person has to decide; "" where the programme may try again."""
    kind, spec = kind_of(step.error_kind), standing.programme.steps[step.step_id]
    strategy, limits = TABLE[kind], standing.programme.definition.recovery
    if strategy.person == "always":
        return f"a {kind.replace('_', ' ')} is always decided by a person"
    tried = sum(1 for remedy in step.remedies if remedy["level"] == 2)  # noqa: PLR2004 - the programme's level
    if strategy.graph is None or tried >= limits.max_retries:
        return f"it failed {step.tries} times, and nothing is left to try"
    if step.tries >= limits.escalation_threshold:
        return f"it failed {step.tries} times"
    after = float(step.resources["timeout_seconds"]) * 1.5
    if strategy.person == "over_twice" and after > 2 * spec.timeout_seconds:
        return f"it took longer than twice the {spec.timeout_seconds:g} seconds that it may"
    alike = [
        each
        for each in standing.steps.values()
        if each.error_kind == kind and each.status not in dependencies.ENDED
    ]
    if strategy.person == "widespread" and len(alike) >= WIDESPREAD:
        return f"{len(alike)} tasks can't reach the network"
    return ""


def _retry(store: Store, session: Session, standing: ProgrammeStanding, step: Step) -> None:
    kind = kind_of(step.error_kind)
    remedy = TABLE[kind].graph
    limits = standing.programme.definition
    before, action = dict(step.resources), remedy.action if remedy else "retry"
    after = resources = _resources(action, before, step, limits.limits.total_memory_mb)
    if action == "remind_role":
        before, after = {"reminded": []}, {"reminded": people_levels.tell_role(store, standing, step)}
    record = {
        "level": 2,
        "kind": kind,
        "action": action,
        "before": before,
        "after": after,
        "result": "tried again",
        "at": clock().now().isoformat(),
    }
    step.resources, step.remedies, step.status = resources, [*step.remedies, record], "waiting"
    step.not_before = clock().now() + timedelta(seconds=limits.recovery.retry_delay)
    step.started_at = step.ended_at = None
    session.flush()
    records.happened(store, step.run_id, step.step_id, "remedy", details=record, wake=False)
    why = f"retry {step.step_id} {step.tries}"
    records.wake_up(store, step.run_id, why, limits.recovery.retry_delay)


def _resources(action: str, before: Mapping[str, Any], step: Step, memory: int) -> dict[str, Any]:
    """Give what a task may take then: memory doubled, cores doubled up to 4, half as much time again.

    Never less than before: a task of 8 cores keeps them.
    """
    if action == "more_resources":
        megabytes, cores = int(before["memory_mb"]), int(before["cpu_cores"])
        return {
            **before,
            "memory_mb": max(megabytes, min(megabytes * 2, memory)),
            "cpu_cores": max(cores, min(cores * 2, MOST_CORES)),
            "timeout_seconds": float(before["timeout_seconds"]) * 1.5,
        }
    if action == "other_worker":
        return {**before, "not_worker": step.worker}
    if action == "fresh_environment":
        return {**before, "fresh": True}
    return dict(before)
