"""A sample on a task's working paper: drawn or evaluated by who may prepare it; it voids what was signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tools.core.errors import IdentityError
from tools.identity.people import Person
from tools.programme import completion, records, signing
from tools.programme.completion import Evidence
from tools.programme.working_papers import papers
from tools.store import Store

_OPEN: Final = ("with_person", "done")


def put_down(
    store: Store,
    run_id: str,
    name: str,
    person: Person,
    *,
    sample: Mapping[str, Any],
    evidence: Sequence[Evidence] = (),
) -> list[str]:
    """Put a sample on a task's paper; give whose signatures that voids. Raises IdentityError, RunError."""
    with store.begin() as session:
        records.hold(session, run_id)
        step = records.step_of(session, run_id, name)
        if why := refusal(records.load(store, run_id), name, person):
            raise IdentityError(why)
        step.figures = {**step.figures, papers.SAMPLING: dict(sample)}
        session.flush()
        completion.keep(store, run_id, name, evidence)
        what = "sample evaluated" if "conclusion" in sample else "sample selected"
        details = {"sample": sample["sample"], "why": str(sample.get("conclusion", ""))}
        records.happened(store, run_id, name, what, by=person.user, details=details, wake=False)
        return papers.void_if_changed(store, run_id, name, what)


def refusal(standing: records.ProgrammeStanding, name: str, person: Person) -> str:
    """Say why a person may not sample for a task; "" where they may."""
    if not standing.live:
        return f"the programme is {standing.run.status}; its file is closed."
    if standing.steps[name].status not in _OPEN:
        return f"{name} is {standing.steps[name].status.replace('_', ' ')}, not with people."
    if not person.signed_in:
        return "only a person who is signed in may sample for a task."
    return signing.not_preparing(standing, standing.programme.steps[name], person)


def audit_of(standing: records.ProgrammeStanding, name: str) -> str:
    """Give the newest audit's run among what a task waits for, directly or not; "" without one."""
    ahead, seen, audits = [name], set[str](), list[str]()
    while ahead:
        for before in standing.programme.steps[ahead.pop()].waits_for:
            if before not in seen:
                seen.add(before)
                ahead.append(before)
                if standing.programme.steps[before].task.graph == "audit":
                    audits.append(str(standing.steps[before].figures.get("run_id", "")))
    return max(audits, default="")
