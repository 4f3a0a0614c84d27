"""Failed tasks of a programme that people decide on: the report that they get, what their word does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tools.approvals import answers, eligibility
from tools.approvals.votes import VoteCount
from tools.checks.rules_file import load_rules
from tools.core import settings
from tools.core.clock import clock
from tools.programme import completion, dispatch, people_levels, progress, records
from tools.programme.planning.staffing import who_may
from tools.programme.records import ProgrammeStanding
from tools.programme.steps import StepSpec
from tools.store import Store, open_store
from tools.store.models import Step

PERSON: Final = "person"  # whom what people owe goes to
OTHER: Final = "other"  # of `worker`: another than the one on which it failed
_RESOURCES: Final = {"memory_mb": int, "cpu_cores": int, "timeout_seconds": float}
_CHOICES: Final = (
    "approve: the failure is accepted, with your reason. retry: once more. modify: once more with other "
    "resources, or on another worker. skip: left out (not a critical task). reject: the programme stops."
)


_OWED_CHOICES: Final = (
    "approve: it stays as it is, with your reason. retry: the same people get it again. modify: another "
    "does (person=NAME). skip: left out (not a critical task). reject: the programme stops."
)


def report(standing: ProgrammeStanding, name: str) -> dict[str, Any]:
    """Give the report of an escalation: what failed, how the programme stands, what may be done."""
    spec, step = standing.programme.steps[name], standing.steps[name]
    return {
        "escalation_id": f"esc-{standing.run.run_id}-{name}-{step.tries}",
        "timestamp": clock().now().isoformat(),
        "task_id": name,
        "issue_type": step.error_kind,
        "severity": spec.task.risk.lower(),
        "context": {"error": step.error[-2000:], "tries": step.tries, "remedies": list(step.remedies)},
        "system_state": {"counts": progress.counts(standing), "phase": standing.row.phase},
        "recommended_actions": completion.recommended(step.error_kind),
        "blocking_tasks": standing.programme.downstream(name),
    }


def unsound(run_id: str) -> answers.Unsound:
    """Give what says whether a word on a failed task makes sense: a critical one is not skipped.

    What is accepted or left out has a reason.
    """
    standing = records.load(open_store(settings.load().database_url), run_id)

    def wrong(word: eligibility.Word) -> str:
        spec, step = standing.programme.steps[word.subject], standing.steps[word.subject]
        if word.verdict == "skip" and spec.task.critical:
            return (
                f"{word.subject} is critical and can't be skipped; accept its failure with a reason, or stop."
            )
        if word.verdict != "modify":
            return eligibility.without_reason(word, word.subject)
        if spec.is_owed(step.error_kind):
            return _wrong_person(standing, spec, str(word.changes.get(PERSON, "")))
        if not _changed_resources(word.changes) and word.changes.get("worker") != OTHER:
            return f"Name what changes: {', '.join(_RESOURCES)}, or worker: other."
        return ""

    return wrong


def _wrong_person(standing: ProgrammeStanding, spec: StepSpec, user: str) -> str:
    """Say why a task that people owe can't go to somebody; "" where it can."""
    people = standing.programme.definition.people
    able = list(people) if spec.task.kind != "person" else who_may(standing.programme.definition, spec)
    if user in able:
        return ""
    return f"Name who gets {spec.id}, as person: {', '.join(able) or 'nobody else may do it'}."


def decide_step(store: Store, standing: ProgrammeStanding, step: Step, count: VoteCount) -> None:
    """Do with a step of the session what was decided on it, and record it."""
    before, now, kind = {**step.resources, PERSON: step.person}, clock().now(), step.error_kind
    step.ended_at = None
    if count.verdict == "approve":
        step.status, step.ended_at = "accepted", now
    elif count.verdict == "skip":
        step.status, step.ended_at = "skipped", now
    elif count.verdict == "reject":
        step.status, step.ended_at = "dropped", now
    elif standing.programme.steps[step.step_id].is_owed(step.error_kind):
        _back_to_people(store, standing, step, str(count.changes.get(PERSON, "")))
    else:
        step.status, step.started_at, step.not_before = "waiting", None, None
        step.resources = {**before, **_changed_resources(count.changes)}
        if count.changes.get("worker") == OTHER:
            step.resources = {**step.resources, "not_worker": step.worker}
    action = {"approve": "accept", "modify": "change"}.get(count.verdict, count.verdict)
    after = {**step.resources, PERSON: step.person}
    remedy = {"level": 3, "kind": kind, "action": action, "before": before, "after": after}
    remedy |= {"result": count.note or "decided", "at": now.isoformat()}
    step.remedies = [*step.remedies, remedy]
    details = {**remedy, "by": list(count.by)}
    records.happened(
        store, step.run_id, step.step_id, "decided", by=", ".join(count.by), details=details, wake=False
    )


def _back_to_people(store: Store, standing: ProgrammeStanding, step: Step, user: str) -> None:
    """Give what is owed to its people again, or to somebody else; the time for it begins anew."""
    name = step.step_id
    step.status, step.started_at, step.error_kind, step.error = "with_person", clock().now(), "", ""
    step.person = user or step.person
    details = {PERSON: step.person}
    records.happened(store, step.run_id, name, "given again", details=details, wake=False)
    title = f"{step.person or 'Somebody'} is to do {name} again: {standing.programme.steps[name].task.name}"
    dispatch.tell(store, standing, f"given-again-{name}-{len(step.remedies)}", title)


def _changed_resources(changed: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, kind in _RESOURCES.items():
        value = changed.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
            values[name] = kind(value)
    return values


def failed_subject(standing: ProgrammeStanding, name: str) -> dict[str, Any]:
    """Give the subject of a request about a failed task, with its report."""
    spec, step = standing.programme.steps[name], standing.steps[name]
    failure = report(standing, name)
    return {
        "subject": name,
        "title": f"{name}: {spec.task.name}",
        "risk": spec.task.risk,
        "quorum": _quorum(spec),
        "description": f"{step.error_kind}: {progress.first_line(step.error)}",
        "why": [*_failure(spec, step), _effort(standing, spec, step), _behind(failure["blocking_tasks"])],
        "choices": _OWED_CHOICES if spec.is_owed(step.error_kind) else _CHOICES,
        "report": failure,
    }


def _failure(spec: StepSpec, step: Step) -> list[str]:
    line = progress.first_line(step.error)
    if not line or spec.is_owed(step.error_kind):
        return [f"{line}."] if line else []
    return [f"It failed ({step.error_kind.replace('_', ' ')}): {line}."]


def _behind(names: Sequence[str]) -> str:
    waits = "waits" if len(names) == 1 else "wait"
    return f"{', '.join(names)} {waits} for it." if names else "Nothing waits for it."


def _effort(standing: ProgrammeStanding, spec: StepSpec, step: Step) -> str:
    """Say what was done about a failure before a person is asked; of what people owe, who manages them."""
    if not spec.is_owed(step.error_kind):
        return "It was tried once." if step.tries == 1 else f"It was tried {step.tries} times."
    managers = people_levels.managers(standing.programme.definition)
    whom = ", ".join(managers) or "not named"
    return f"Its people and the reviewer's role were reminded; the manager: {whom}."


def _quorum(spec: StepSpec) -> int:
    return int(load_rules(settings.load().rules).approval.quorum[spec.task.risk])


def starter(standing: ProgrammeStanding, name: str) -> dict[str, str]:
    """Say who may not decide on a task: of a critical one, who started the programme."""
    critical = standing.programme.steps[name].task.risk == "CRITICAL"
    return {standing.run.started_by: "started_it"} if critical else {}
