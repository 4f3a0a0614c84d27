"""What a programme asks people: its plan, what to do about failed tasks, a gate that does not open; and acts.

ask_plan, ask_person, ask_gate -> RequestRef        once each, with its notice
apply_plan, apply_person, apply_gate -> Applied     the answers recorded; what is settled is done
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tools.approvals import answers, eligibility, requests
from tools.core import settings
from tools.core.clock import clock
from tools.core.refs import Answer, RequestRef
from tools.programme import dependencies, gate, records, versions
from tools.programme.failed_steps import decide_step, failed_subject, starter
from tools.programme.records import ProgrammeStanding
from tools.runs import tasks
from tools.store import Store, open_store, runs

PLAN: Final = "plan"
FAILED: Final = "task_failed"
GATE: Final = "phase_gate"
SUBJECT: Final = "plan"
EXPIRES_HOURS: Final = 24.0


@dataclass
class AppliedAnswers:
    """What became of answers. waiting: something is still open; stopped: the programme is to end."""

    waiting: bool = False
    stopped: bool = False
    again: bool = False
    notice: str = ""
    settled: list[str] = field(default_factory=list)


def ask_plan(run_id: str) -> RequestRef | None:
    """Ask for approval of the plan (MEDIUM); None where the programme says that it approves itself."""
    store = _store()
    standing = records.load(store, run_id)
    plan = standing.plan
    if plan is None or standing.programme.definition.plan_approval == "automatic":
        versions.approve(store, run_id, versions.BY_RULE)
        return None
    schedule = plan.schedule
    finish, p80 = _day(schedule["finish"]), _day(schedule["p80"])
    text = f"{len(standing.steps)} tasks, ended by {finish}; with 80% by {p80}."
    subject = {
        "subject": SUBJECT,
        "title": f"The plan of {standing.row.name}",
        "risk": "MEDIUM",
        "quorum": 1,
        "description": text,
        "why": [text, *schedule.get("advice", [])],
        "choices": "approve: tasks start. reject: the programme ends.",
    }
    return _ask(store, run_id, PLAN, f"The plan of {standing.row.name} to approve", [subject], barred={})


def apply_plan(run_id: str, request: RequestRef | None, answered: Sequence[Answer]) -> AppliedAnswers:
    """Act on what was decided on the plan."""
    if request is None:
        return AppliedAnswers()
    store = _store()
    count = answers.settle(store, run_id, request, answered)[SUBJECT]
    if count.verdict == "approve":
        versions.approve(store, run_id, ", ".join(count.by))
    return AppliedAnswers(waiting=not count.verdict, stopped=count.verdict == "reject")


def ask_person(run_id: str) -> RequestRef | None:
    """Ask what to do about every task that is escalated, with its report; None where none is."""
    store = _store()
    standing = records.load(store, run_id)
    failed = [name for name, step in standing.steps.items() if step.status == "escalated"]
    open_already = requests.open_for(store, run_id, FAILED)
    if open_already is not None:
        return RequestRef(request_id=open_already.request_id, kind=FAILED)
    if not failed:
        return None
    subjects = [failed_subject(standing, name) for name in failed]
    for subject in subjects:
        records.happened(
            store, run_id, str(subject["subject"]), "asked", details=subject["report"], wake=False
        )
    title = f"{len(failed)} task{'s' * (len(failed) > 1)} of {standing.row.name} failed"
    barred = {name: starter(standing, name) for name in failed}
    webhook = standing.programme.definition.recovery.human_notification_webhook
    return _ask(store, run_id, FAILED, title, subjects, barred=barred, words=_WORDS, recipient=webhook)


_WORDS: Final = ("approve", "retry", "edit", "skip", "reject")


def apply_person(run_id: str, request: RequestRef, answered: Sequence[Answer]) -> AppliedAnswers:
    """Act on what was decided about failed tasks: each as soon as enough people have agreed."""
    store = _store()
    counts = answers.settle(store, run_id, request, answered)
    done = AppliedAnswers()
    with store.begin() as session:
        records.hold(session, run_id)
        standing = records.load(store, run_id)
        for name, count in counts.items():
            step = records.step_of(session, run_id, name)
            if count.verdict and step.status == "escalated":
                done.stopped |= count.verdict == "reject"
                decide_step(store, standing, step, count)
                session.flush()
                done.settled.append(name)
    done.waiting = still_asked(run_id, request) is not None
    return done


def unasked(store: Store, standing: ProgrammeStanding) -> list[str]:
    """Name the tasks that a person has to decide on, where nobody is asked about any."""
    failed = [name for name, step in standing.steps.items() if step.status == "escalated"]
    return [] if not failed or requests.open_for(store, standing.run.run_id, FAILED) else failed


def still_asked(run_id: str, request: RequestRef | None) -> RequestRef | None:
    """Give what is asked about failed tasks; what was settled otherwise is withdrawn."""
    if request is None or request["kind"] != FAILED:
        return request
    store = _store()
    statuses = records.load(store, run_id).statuses
    ballot = requests.ballot(store, request["request_id"])
    if ballot.request.status == "open" and not any(statuses[name] == "escalated" for name in ballot.groups):
        requests.close(store, request["request_id"], "settled")
        runs.set_status(store, run_id, "open")
    return request if requests.get(store, request["request_id"]).status == "open" else None


def ask_gate(run_id: str) -> RequestRef:
    """Ask whether a phase that has not reached its criteria is accepted (HIGH)."""
    store = _store()
    standing = records.load(store, run_id)
    looked = gate.look(standing)
    subject = {
        "subject": looked.phase,
        "title": f"Phase {looked.phase} did not reach its end as planned",
        "risk": "HIGH",
        "quorum": 1,
        "description": "; ".join(looked.problems),
        "why": looked.problems,
        "choices": "approve: go on, with your reason. retry: what did not succeed again. reject: it stops.",
    }
    title = f"The gate of phase {looked.phase} of {standing.row.name}"
    barred = {looked.phase: {standing.run.started_by: "started_it"}}
    return _ask(store, run_id, GATE, title, [subject], barred=barred, words=("approve", "retry", "reject"))


def unsound_at_gate(word: eligibility.Word) -> str:
    """Say what is wrong with a word on a gate: whoever goes on says why."""
    return eligibility.without_reason(word, f"the phase {word.subject}")


def apply_gate(run_id: str, request: RequestRef, answered: Sequence[Answer]) -> AppliedAnswers:
    """Act on what was decided at a gate."""
    store = _store()
    counts = answers.settle(store, run_id, request, answered)
    ((phase, count),) = counts.items()
    if not count.verdict:
        return AppliedAnswers(waiting=True)
    with store.begin() as session:
        records.hold(session, run_id)
        details = {"phase": phase, "verdict": count.verdict, "why": count.note, "by": list(count.by)}
        records.happened(
            store, run_id, "", "gate decided", by=", ".join(count.by), details=details, wake=False
        )
        if count.verdict == "retry":
            _phase_again(store, records.load(store, run_id))
    return AppliedAnswers(stopped=count.verdict == "reject", again=count.verdict == "retry")


def _phase_again(store: Store, standing: ProgrammeStanding) -> None:
    with store.begin() as session:
        for spec in standing.programme.in_phase(standing.row.phase):
            step = records.step_of(session, standing.run.run_id, spec.id)
            if step.status in dependencies.ENDED - dependencies.GOOD:
                step.status, step.error_kind, step.error, step.ended_at = "waiting", "", "", None
        session.flush()


def _ask(
    store: Store,
    run_id: str,
    kind: str,
    title: str,
    subjects: Sequence[Mapping[str, Any]],
    *,
    barred: Mapping[str, Mapping[str, str]],
    words: Sequence[str] = ("approve", "reject"),
    recipient: str = "",
) -> RequestRef:
    draft = requests.Draft(
        kind,
        title,
        subjects,
        needs={str(subject["subject"]): int(subject["quorum"]) for subject in subjects},
        words=words,
        barred=barred,
        expires_hours=EXPIRES_HOURS,
        page=f"programmes/{run_id}",
        recipient=recipient,
    )
    return requests.ask(store, run_id, draft)


def stop(run_id: str, why: str) -> None:
    """Start nothing more: what waits is dropped, what workers have loses its authority."""
    store = _store()
    with store.begin() as session:
        records.hold(session, run_id)
        for task in tasks.open_of_run(store, run_id, "programme_step"):
            tasks.cancel(store, task.task_id)
        for name, state in records.load(store, run_id).steps.items():
            if state.status not in dependencies.ENDED:
                step = records.step_of(session, run_id, name)
                step.status, step.error, step.ended_at = "dropped", why, clock().now()
        session.flush()
        records.happened(store, run_id, "", "stopped", details={"why": why}, wake=False)


def _day(moment: str) -> str:
    return moment[:16].replace("T", " ")


def _store() -> Store:
    return open_store(settings.load().database_url)
