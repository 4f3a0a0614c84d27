"""The end of a phase: every critical task done or accepted, all criteria met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tools.programme.dependencies import ENDED, GOOD
from tools.programme.records import ProgrammeStanding
from tools.programme.steps import ProgrammeSteps


@dataclass(frozen=True)
class ProgrammeGate:
    """A phase's gate. problems: why it does not open by itself."""

    phase: str
    problems: list[str]
    last: bool


def ended(standing: ProgrammeStanding) -> bool:
    """Say whether all tasks of the open phase have ended."""
    return is_over(standing.programme, standing.statuses, standing.row.phase)


def is_over(programme: ProgrammeSteps, statuses: Mapping[str, str], phase: str) -> bool:
    """Say whether all tasks of a phase have ended."""
    return all(statuses[step.id] in ENDED for step in programme.in_phase(phase))


def look(standing: ProgrammeStanding) -> ProgrammeGate:
    """Look at the gate of the open phase."""
    phase = standing.row.phase
    problems = []
    for spec in standing.programme.in_phase(phase):
        step = standing.steps[spec.id]
        if spec.task.critical and step.status not in GOOD:
            problems.append(f"{spec.id} ({spec.task.name}) is critical and was {step.status}")
    return ProgrammeGate(phase, problems, last=phase == standing.programme.phases[-1])
