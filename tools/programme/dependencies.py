"""Which task may start, and why another may not yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tools.programme.definition import Link
from tools.programme.steps import ProgrammeSteps, StepSpec
from tools.store.models import STEP_ENDED

GOOD: Final = frozenset({"done", "accepted"})
ENDED: Final = frozenset(STEP_ENDED)
Statuses = Mapping[str, str]


def can_start(programme: ProgrammeSteps, statuses: Statuses, phase: str, name: str) -> tuple[bool, str]:
    """Say whether a task may start; where not, what it waits for, as people are told."""
    step = programme.steps[name]
    if statuses[name] != "waiting":
        return False, f"It is {statuses[name].replace('_', ' ')}"
    if step.phase != phase:
        before = programme.phases.index(step.phase) > programme.phases.index(phase)
        return False, waiting_for_gate(phase) if before else f"Phase {step.phase} is over"
    for link in step.links:
        if not _free(step, link, statuses):
            return False, _waiting_for(link.task, statuses)
    for sibling in step.order:
        good = GOOD if other_is_part(programme, name, sibling) else ENDED
        if statuses[sibling] not in good and not (
            step.task.run_if == "always" and statuses[sibling] in ENDED
        ):
            return False, _waiting_for(sibling, statuses)
    return True, "Dependencies satisfied"


def waiting_for_gate(phase: str) -> str:
    """Say that a task is of a later phase."""
    return f"Waiting for the gate of phase {phase}"


def keeps_gate(programme: ProgrammeSteps, statuses: Statuses, phase: str) -> list[str]:
    """Name the tasks of a phase that could go on or are asked about, and so keep its gate."""
    return [
        step.id
        for step in programme.in_phase(phase)
        if statuses[step.id] not in ENDED
        and (statuses[step.id] != "waiting" or can_start(programme, statuses, phase, step.id)[0])
    ]


def other_is_part(programme: ProgrammeSteps, name: str, candidate: str) -> bool:
    """Say whether a task is a subtask of a group."""
    return programme.steps[candidate].parent == name


def never(programme: ProgrammeSteps, statuses: Statuses, name: str) -> str:
    """Say why a task that waits can't start any more; "" while it may."""
    step = programme.steps[name]
    if statuses[name] != "waiting" or step.task.run_if != "success":
        return ""
    parts = [sibling for sibling in step.order if other_is_part(programme, name, sibling)]
    for earlier in (*(link.task for link in step.links), *parts):
        if statuses[earlier] in ENDED - GOOD:
            return f"{earlier} was {statuses[earlier]}"
    return ""


def waiting(programme: ProgrammeSteps, statuses: Statuses, phase: str) -> dict[str, str]:
    """Give every task that waits, with what it waits for."""
    reasons = {name: can_start(programme, statuses, phase, name) for name in programme.steps}
    return {name: why for name, (may, why) in reasons.items() if not may and statuses[name] == "waiting"}


def _free(step: StepSpec, link: Link, statuses: Statuses) -> bool:
    enough = GOOD if step.task.run_if == "success" else ENDED
    return statuses[link.task] in enough


def _waiting_for(name: str, statuses: Statuses) -> str:
    status = statuses[name]
    how = {
        "failed": " (failed)",
        "escalated": " (a person is asked what to do)",
        "with_person": " (with a person)",
    }
    return f"Waiting for {name}{how.get(status, '')}"
