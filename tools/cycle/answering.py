"""Turn what came back from an interrupt into authenticated words, or into a reason to ask again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from tools import identity, settings
from tools.clock import clock
from tools.cycle import hitl, quorum
from tools.errors import IdentityError
from tools.refs import Answer, Request

DONE = {
    "approve": "approved",
    "reject": "rejected",
    "modify": "changed",
    "skip": "skipped",
    "retry": "retried",
}
SEVERITIES = ("INFO", "WARNING", "CRITICAL")
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
    waiting = quorum.open_subjects(request, (state.get("answers") or {}).values())
    name = "pass_gate" if request["kind"] == "gate" else "approve_flags"
    asked = hitl.ask(name, waiting, ALLOWED[request["kind"]], state.get("notice") or "")
    return {**asked, "request_id": request["request_id"], "reasons": request["reasons"]}


def take(answer: Any, state: Mapping[str, Any], caller: Caller) -> Taken:  # noqa: ANN401 - whatever a client sent
    """Read and authenticate an answer. Who decides comes from the caller, never from the answer."""
    request: Request = state["request"]
    waiting = quorum.open_subjects(request, (state.get("answers") or {}).values())
    verdicts = hitl.read(answer, [one["subject"] for one in waiting], _verdicts(request))
    if isinstance(verdicts, str):
        return Taken({}, verdicts)
    try:
        person = who(caller)
    except IdentityError as error:
        return Taken({}, str(error))
    subjects = {one["subject"]: one for one in waiting}
    before = state.get("answers") or {}
    for verdict in verdicts:
        why = (
            quorum.refused(subjects[verdict.subject], person.model_dump(), state["started_by"])
            or _unsound(verdict)
            or _second(before.get(_key(request, verdict, person.user)), verdict)
        )
        if why:
            return Taken({}, why)
    return Taken({_key(request, v, person.user): _word(request, v, person.user) for v in verdicts})


def _unsound(verdict: hitl.Verdict) -> str:
    if verdict.verdict == "modify" and str(verdict.changes.get("severity", "")).upper() not in SEVERITIES:
        return f"To modify, give a severity: one of {', '.join(SEVERITIES)}."
    return ""


def _second(before: Answer | None, verdict: hitl.Verdict) -> str:
    if before is None:
        return ""
    said = f"{before['by']} has {DONE[before['verdict']]} '{verdict.subject}' already"
    return f"{said}; it needs another person too."


def who(caller: Caller) -> identity.Person:
    """Tell who is calling. Raises IdentityError for a token that is nobody's."""
    token = getattr(caller.context, "token", None)
    return identity.identify(caller.server_info, token, settings.load())


def _verdicts(request: Request) -> tuple[str, ...]:
    return tuple("modify" if word == "edit" else word for word in ALLOWED[request["kind"]])


def _key(request: Request, verdict: hitl.Verdict, user: str) -> str:
    return f"{request['request_id']}:{verdict.subject}:{user}"


def _word(request: Request, verdict: hitl.Verdict, user: str) -> Answer:
    return Answer(
        request_id=request["request_id"],
        subject=verdict.subject,
        by=user,
        verdict=verdict.verdict,
        changes=dict(verdict.changes),
        note=verdict.note,
        at=clock().now().isoformat(),
    )
