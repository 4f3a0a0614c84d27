"""Sign a task's working paper, as its preparer or its reviewer: two people, each with the right role.

sign(store, run_id, name, person, ...) -> str      the task's status afterwards
refusal(standing, name, person, ...) -> str        why a person may not; "" where they may
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from tools.core.clock import clock
from tools.core.errors import IdentityError, RunError
from tools.identity.people import Person
from tools.programme import completion, dispatch, people_levels, records
from tools.programme.completion import Evidence
from tools.programme.people_levels import OwedPaper
from tools.programme.planning.staffing import who_may
from tools.programme.records import ProgrammeStanding
from tools.programme.steps import ProgrammeError, StepSpec
from tools.programme.working_papers import papers
from tools.store import Store, trail
from tools.store.models import SignOff, Step

Role = Literal["preparer", "reviewer"]
SIGNED: Final = "signed"


def sign(
    store: Store,
    run_id: str,
    name: str,
    person: Person,
    *,
    conclusion: str = "",
    note: str = "",
    evidence: Sequence[Evidence] = (),
) -> str:
    """Sign a paper as it stands: first its preparer, with a conclusion, then its reviewer; give the status.

    Again, by the same person on the same paper, it changes nothing. Raises IdentityError for who may not,
    RunError for a task that is not with people.
    """
    with store.begin() as session:
        records.hold(session, run_id)
        standing = records.load(store, run_id)
        role = next_role(store, standing, name)
        why = refusal(store, standing, name, person, role)
        if why:
            raise IdentityError(why)
        step = records.step_of(session, run_id, name)
        if role == "preparer":
            if not (conclusion or step.figures.get(papers.CONCLUSION)):
                raise RunError("evidence is missing: a conclusion.", place=name, remedy="Give --conclusion.")
            step.person = person.user
            concluded = conclusion or step.figures[papers.CONCLUSION]
            step.figures = {**step.figures, papers.CONCLUSION: concluded}
            session.flush()
            completion.keep(store, run_id, name, evidence)
        paper = papers.paper(store, records.load(store, run_id), name)
        signature = SignOff(
            run_id=run_id, step_id=name, role=role, by=person.user, at=clock().now(),
            paper=paper["digest"], note=note, void="",
        )  # fmt: skip
        session.add(signature)
        if role == "reviewer" or not needs_reviewer(standing.programme.steps[name]):
            step.status, step.ended_at = "done", clock().now()
        else:
            step.status = "with_person"
        if standing.programme.steps[name].is_owed(step.error_kind):
            step.error_kind, step.error = "", ""
        session.flush()
        details = {"task": name, "role": role, "paper": paper["digest"], "note": note}
        trail.append(store, run_id, person.user, SIGNED, details=details)
        records.happened(store, run_id, name, SIGNED, by=person.user, details={"role": role})
        if step.status != "done":
            _ask_reviewer(store, standing, name)
        return step.status


def refuse(store: Store, run_id: str, name: str, person: Person, note: str) -> None:
    """Refuse to sign as reviewer: the paper goes back to its preparer with the reason."""
    with store.begin() as session:
        records.hold(session, run_id)
        standing = records.load(store, run_id)
        role = next_role(store, standing, name)
        why = refusal(store, standing, name, person, role)
        if why or role != "reviewer":
            raise IdentityError(why or f"{name} has no preparer's signature to refuse.")
        for each in papers.signatures(store, run_id, name):
            if not each.void:
                session.get_one(SignOff, each.signoff_id).void = f"sent back by {person.user}: {note}"
        step = records.step_of(session, run_id, name)
        step.error_kind, step.error = "signoff_refused", note
        records.happened(store, run_id, name, "sent back", by=person.user, details={"why": note})
        people_levels.climb(store, standing, step, OwedPaper("signoff_refused", note, [step.person]))
        session.flush()


def next_role(store: Store, standing: ProgrammeStanding, name: str) -> Role:
    """Say as what the next person signs."""
    if name not in standing.steps:
        raise RunError(f"there is no task '{name}'.", remedy="'tieout programme status' lists them.")
    valid = {each.role for each in papers.signatures(store, standing.run.run_id, name) if not each.void}
    return "reviewer" if "preparer" in valid else "preparer"


def needs_reviewer(spec: StepSpec) -> bool:
    """Say whether a second person signs."""
    return bool(spec.task.signed or spec.task.reviewer)


def refusal(store: Store, standing: ProgrammeStanding, name: str, person: Person, role: Role) -> str:
    """Say why a person may not sign a task as preparer or reviewer; "" where they may."""
    spec, step = standing.programme.steps[name], standing.steps[name]
    if not standing.live:
        return f"the programme is {standing.run.status}; its file is closed."
    if step.status != "with_person" and not _late(spec, step):
        return f"{name} is {step.status.replace('_', ' ')}, not with people."
    if own := step.asks_itself:
        return f"its run {own} waits for people and can still change the paper: tieout approve {own}."
    if not person.signed_in:
        return "only a person who is signed in may sign."
    if role == "reviewer":
        return _reviewing(store, standing, spec, person)
    return not_preparing(standing, spec, person)


def _late(spec: StepSpec, step: Step) -> bool:
    """Say whether people are asked about what is owed: whoever owes it may still bring it."""
    return step.status in {"failed", "escalated"} and spec.is_owed(step.error_kind)


def not_preparing(standing: ProgrammeStanding, spec: StepSpec, person: Person) -> str:
    """Say why a person may not prepare a task's paper; "" where they may."""
    if spec.task.kind != "person":
        return "" if person.may("review") else f"{person.user} has no role that may sign."
    return _not_able(standing, spec, person) or _not_independent(standing, spec, person)


def _not_able(standing: ProgrammeStanding, spec: StepSpec, person: Person) -> str:
    if person.user not in standing.programme.definition.people:
        return f"{person.user} is not among the programme's people."
    try:
        able = who_may(standing.programme.definition, spec)
    except ProgrammeError as error:
        return str(error)
    if person.user not in able:
        return f"{person.user} may not do {spec.id}: {', '.join(able)} may."
    return ""


def _not_independent(standing: ProgrammeStanding, spec: StepSpec, person: Person) -> str:
    for prepared in spec.task.reviews:
        if standing.steps[prepared].person == person.user:
            return f"{person.user} prepared {prepared} and so can't {spec.task.action} it."
    if spec.task.action == "sign" and spec.task.risk == "CRITICAL" and person.user == standing.run.started_by:
        return f"{person.user} started this programme and so can't sign it: another person has to."
    return ""


def _reviewing(store: Store, standing: ProgrammeStanding, spec: StepSpec, person: Person) -> str:
    signed = [each for each in papers.signatures(store, standing.run.run_id, spec.id) if not each.void]
    if any(each.by == person.user for each in signed):
        return f"{person.user} prepared {spec.id} and so can't review it."
    if spec.task.reviewer and person.user not in _may_review(standing, spec):
        return f"{spec.id} is reviewed by {' or '.join(_may_review(standing, spec))}."
    if not spec.task.reviewer and not person.may("decide"):
        return f"{person.user} has no role that may review."
    if spec.task.risk == "CRITICAL" and person.user == standing.run.started_by:
        return f"{person.user} started this programme and so can't review {spec.id}: another person has to."
    return ""


def _may_review(standing: ProgrammeStanding, spec: StepSpec) -> list[str]:
    """Name the reviewer; once it was sent back or left unsigned too often, all of the role."""
    if not people_levels.goes_to_role(standing.steps[spec.id]):
        return [spec.task.reviewer]
    return people_levels.reviewers(standing, spec, but=standing.steps[spec.id].person)


def _ask_reviewer(store: Store, standing: ProgrammeStanding, name: str) -> None:
    spec = standing.programme.steps[name]
    whom = spec.task.reviewer or "Whoever may decide"
    number = len(papers.signatures(store, standing.run.run_id, name))
    dispatch.tell(store, standing, f"review-{name}-{number}", f"{whom}: review {spec.task.name}")
