"""Turn what came back from an interrupt into authenticated words, or into a reason to ask again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from tools.approvals import eligibility, interrupt_format, open_subjects
from tools.audit import change_thresholds
from tools.audit.ask import RULES
from tools.core import settings
from tools.core.clock import clock
from tools.core.errors import IdentityError
from tools.core.refs import Answer, Request
from tools.core.severity_levels import SEVERITIES
from tools.identity import people
from tools.store import Store, approvals, open_store

ALLOWED = {"gate": ("approve", "retry", "reject"), "flags": ("approve", "reject", "edit", "skip")}


class Caller(Protocol):
    """What a node's runtime knows of who is calling."""

    @property
    def context(self) -> Any:  # noqa: ANN401 - LangGraph's own generic
        """What the caller handed in."""
        ...

    @property
    def server_info(self) -> Any:  # noqa: ANN401 - LangGraph's own type
        """What LangGraph Server knows of the caller."""
        ...


@dataclass(frozen=True)
class Taken:
    """Words that count, under request:subject:person; or the reason why none does."""

    answers: dict[str, Answer]
    notice: str = ""


def question(state: Mapping[str, Any]) -> dict[str, Any]:
    """Build the HITL request for the subjects that still wait."""
    request: Request = state["request"]
    open_now = open_subjects.open_subjects(_store(), request["request_id"])
    name = "pass_gate" if request["kind"] == "gate" else "approve_flags"
    asked = interrupt_format.ask(name, open_now, ALLOWED[request["kind"]], state.get("notice") or "")
    return {**asked, "request_id": request["request_id"], "reasons": request["reasons"]}


def take(answer: Any, state: Mapping[str, Any], caller: Caller) -> Taken:  # noqa: ANN401 - whatever a client sent
    """Read and authenticate an answer. Who decides comes from the caller, never from the answer.

    If one word does not count, none does; but what others have settled meanwhile is left out. A word on a
    subject that is not listed may be about one flag of a case, or about the rules.
    """
    request: Request = state["request"]
    if (
        isinstance(answer, Mapping)
        and answer.get("request_id", request["request_id"]) != request["request_id"]
    ):
        return Taken({}, f"That answers {answer['request_id']}; {request['request_id']} is asked.")
    ballot = approvals.ballot(_store(), request["request_id"])
    standings = ballot.standings()
    listed = [
        name for name, one in ballot.of_subjects(standings).items() if not one.verdict and name != RULES
    ]
    verdicts = interrupt_format.read(
        answer, listed, _verdicts(request), also={RULES, *ballot.groups, *ballot.subject_of_flag}
    )
    if isinstance(verdicts, str):
        return Taken({}, verdicts)
    try:
        person = who(caller)
    except IdentityError as error:
        return Taken({}, str(error))
    taken, late = [], ""
    for verdict in verdicts:
        why = (
            eligibility.refused({}, person.model_dump(), state["started_by"])
            or _unsound(verdict, state["run_id"])
            or open_subjects.why_not(ballot, standings, _upper(verdict), person.user)
        )
        if why and not open_subjects.is_settled(ballot, standings, verdict.subject):
            return Taken({}, why)
        late = why or late
        taken += [] if why else [verdict]
    return Taken({_key(request, v, person.user): _word(request, v, person) for v in taken}, late)


def _unsound(verdict: interrupt_format.Verdict, run_id: str) -> str:
    if verdict.subject == RULES:
        asked = verdict.changes.get("rules") if verdict.verdict == "modify" else None
        return change_thresholds.refused(run_id, asked)
    if verdict.verdict == "modify" and str(verdict.changes.get("severity", "")).upper() not in SEVERITIES:
        return (
            f"To modify, give a severity: one of {', '.join(SEVERITIES)}."
            f" Thresholds are changed on the subject '{RULES}'."
        )
    return ""


def who(caller: Caller) -> people.Person:
    """Tell who is calling. Raises IdentityError for a token that is nobody's."""
    token = getattr(caller.context, "token", None)
    return people.identify(caller.server_info, token, settings.load())


def _store() -> Store:
    return open_store(settings.load().database_url)


def _verdicts(request: Request) -> tuple[str, ...]:
    return tuple("modify" if word == "edit" else word for word in ALLOWED[request["kind"]])


def _key(request: Request, verdict: interrupt_format.Verdict, user: str) -> str:
    return f"{request['request_id']}:{verdict.subject}:{user}"


def _upper(verdict: interrupt_format.Verdict) -> interrupt_format.Verdict:
    """Bring a severity to its one spelling: two who mean the same agree."""
    if "severity" not in verdict.changes:
        return verdict
    return replace(verdict, changes={"severity": str(verdict.changes["severity"]).upper()})


def _word(request: Request, verdict: interrupt_format.Verdict, person: people.Person) -> Answer:
    return Answer(
        request_id=request["request_id"],
        subject=verdict.subject,
        by=person.user,
        role="approver" if person.has("approver") else "admin",
        verdict=verdict.verdict,
        changes=dict(_upper(verdict).changes),
        note=verdict.note,
        at=clock().now().isoformat(),
    )
