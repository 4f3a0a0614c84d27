"""The recovery table for what people owe: who is to act is reminded, then the reviewer's role, then asked.

climb(store, standing, step, owed)                the next level, once more
goes_to_role(step) -> bool                        whether any of the reviewer's role may sign now
reviewers(standing, spec, but=) -> list[str]      the reviewer and who shares a role; []: whoever may decide

Levels count from what a person decided last. Reminders stand on the working paper, and are no part of what is
signed: that somebody was reminded changes no paper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from tools.core.clock import clock
from tools.programme import dispatch, records
from tools.programme.completion import TaskStart
from tools.programme.definition import Definition
from tools.programme.records import ProgrammeStanding
from tools.programme.steps import StepSpec
from tools.runs.recovery_table import TABLE, ErrorKind, Remedy
from tools.store import Store
from tools.store.models import Step

MANAGER: Final = "manager"
_PERSON: Final = 3  # the level at which a person decides


class OwedPaper(NamedTuple):
    """What is missing of a paper, why that is said now, and whose turn it is ([]: whoever may)."""

    kind: ErrorKind
    why: str
    turn: Sequence[str]


def climb(store: Store, standing: ProgrammeStanding, step: Step, owed: OwedPaper) -> None:
    """Do what the recovery table has next for a paper of the session that is owed.

    Past the second level the task has failed, and a person is asked about it.
    """
    number = sum(remedy.get("kind") == owed.kind for remedy in _since_decision(step))
    ladder = [remedy for remedy in (TABLE[owed.kind].worker, TABLE[owed.kind].graph) if remedy]
    if number < len(ladder):
        _remind(store, standing, step, owed, number)
        return
    step.status, step.error_kind, step.error = "failed", owed.kind, owed.why
    details = {"kind": owed.kind, "error": owed.why}
    records.happened(store, step.run_id, step.step_id, "failed", details=details)


def _since_decision(step: Step) -> list[Mapping[str, Any]]:
    decided = [at for at, remedy in enumerate(step.remedies) if remedy["level"] == _PERSON]
    return list(step.remedies)[decided[-1] + 1 if decided else 0 :]


def _remind(store: Store, standing: ProgrammeStanding, step: Step, owed: OwedPaper, earlier: int) -> None:
    """Remind of a paper, after so many earlier reminders."""
    spec, strategy = standing.programme.steps[step.step_id], TABLE[owed.kind]
    remedy = (strategy.graph if earlier else strategy.worker) or Remedy("remind")
    whom = list(owed.turn) if remedy.action == "remind" else reviewers(standing, spec, but=step.person)
    reminded = [name for each in _since_decision(step) for name in each["after"].get("reminded", ())]
    record = {
        "level": earlier + 1,
        "kind": owed.kind,
        "action": remedy.action,
        "before": {"reminded": list(dict.fromkeys(reminded))},
        "after": {"reminded": list(dict.fromkeys((*reminded, *whom)))},
        "result": "reminded",
        "at": clock().now().isoformat(),
    }
    step.remedies = [*step.remedies, record]
    details = {**record, "why": owed.why}
    records.happened(store, step.run_id, step.step_id, "remedy", details=details, wake=False)
    name = f"{remedy.action}-{step.step_id}-{len(step.remedies)}"
    dispatch.tell(
        store, standing, name, f"{_named(whom)}: {step.step_id} ({spec.task.name}) is owed", why=owed.why
    )


def tell_preparer(store: Store, begun: TaskStart, whom: Sequence[str]) -> None:
    """Remind whoever prepares a machine's task that its evidence is missing, once a try."""
    standing = records.load(store, begun.run_id)
    title = f"{_named(whom)}: evidence of {begun.spec.task.name} is missing"
    dispatch.tell(store, standing, f"remind-{begun.spec.id}-{begun.tries}", title)


def tell_role(store: Store, standing: ProgrammeStanding, step: Step) -> list[str]:
    """Remind the reviewer's role of a machine's task whose evidence is missing, once a try; name it."""
    spec = standing.programme.steps[step.step_id]
    whom = reviewers(standing, spec)
    title = f"{_named(whom)}: evidence of {spec.task.name} is missing"
    dispatch.tell(store, standing, f"remind_role-{step.step_id}-{step.tries}", title)
    return whom


def goes_to_role(step: Step) -> bool:
    """Say whether the whole of the reviewer's role was asked to sign a paper, beside the named reviewer."""
    return any(
        (remedy.get("kind"), remedy["action"]) == ("signoff_refused", "remind_role")
        for remedy in step.remedies
    )


def reviewers(standing: ProgrammeStanding, spec: StepSpec, *, but: str = "") -> list[str]:
    """Name the reviewer and whoever shares a role with them, in the order of the file."""
    people, named = standing.programme.definition.people, spec.task.reviewer
    if not named:
        return []
    roles = set(people[named].roles) if named in people else set()
    sharing = [name for name, member in people.items() if name == named or roles & set(member.roles)]
    return [name for name in dict.fromkeys((*sharing, named)) if name != but]


def managers(definition: Definition) -> list[str]:
    """Name who manages the programme's people."""
    return [name for name, member in definition.people.items() if MANAGER in member.roles]


def _named(people: Sequence[str]) -> str:
    return ", ".join(people) or "Whoever may decide"
