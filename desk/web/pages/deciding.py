"""What people do: decide what a run asks, review what was flagged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from anyio import to_thread
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from desk import deciding, reviewing
from desk.deciding import Chosen, Decided, Word
from desk.overview import open_request
from desk.reviewing import Reviewed
from desk.web import resuming
from desk.web.desk import opened
from desk.web.doors import ConflictError, text, visitor_of
from desk.web.rendering import query
from desk.web.signing import within
from tools.errors import IdentityError, UsageError
from tools.identity import Person
from tools.store import approvals, runs

_WORDS: tuple[Word, ...] = get_args(Word)
_SEVERITIES = ("INFO", "WARNING", "CRITICAL")


async def decide(request: Request, form: FormData) -> Response:
    """Say a word on one subject of a request, and go on with its run."""
    visitor = visitor_of(request)
    word = next((one for one in _WORDS if one == text(form, "word")), None)
    if word is None:
        raise UsageError("choose what you decide.")
    meant = _Meant(
        str(request.path_params["request_id"]),
        word,
        text(form, "subject", 500),
        text(form, "severity") or None,
        text(form, "note"),
    )
    if word == "edit" and meant.severity not in _SEVERITIES:
        raise UsageError("to change the severity, choose which.")
    thread_id, decided = await to_thread.run_sync(_answers, meant, _signed_in(request))
    came = (
        "done" if decided is None else await resuming.answer(thread_id, decided.answers, visitor.token or "")
    )
    said = "again" if decided is None else f"{came}-{word}"
    return _back(request, form, said)


async def review_flag(request: Request, form: FormData) -> Response:
    """Record what a reviewer found one flag to be."""
    return await _review(request, form, Reviewed(flags=(str(request.path_params["flag_id"]),)))


async def review_case(request: Request, form: FormData) -> Response:
    """Record it for every flag of a case."""
    return await _review(request, form, Reviewed(case=str(request.path_params["case_id"])))


@dataclass(frozen=True)
class _Meant:
    request_id: str
    word: Word
    subject: str
    severity: str | None
    note: str


def _answers(meant: _Meant, person: Person) -> tuple[str, Decided | None]:
    """Work the answer out; None when this person has said the same already: sent twice, it counts once."""
    store = opened().store
    asked = approvals.get(store, meant.request_id)
    run = runs.get(store, asked.run_id)
    mine = [
        one.verdict
        for one in approvals.decisions(store, meant.request_id)
        if one.subject == meant.subject and one.by == person.user
    ]
    if {"edit": "modify"}.get(meant.word, meant.word) in mine:
        return run.thread_id, None
    if asked.status != "open":
        raise ConflictError(f"this is settled already ({asked.outcome}).", remedy="Load the page again.")
    told = open_request(store, asked)
    if not any(one["subject"] == meant.subject for one in told["subjects"]):
        raise ConflictError("somebody else has settled this case meanwhile.", remedy="Load the page again.")
    decided = deciding.decide(
        told,
        person,
        run.started_by,
        meant.word,
        Chosen(case=meant.subject),
        severity_to=meant.severity,
        note=meant.note,
    )
    return run.thread_id, decided


async def _review(request: Request, form: FormData, meant: Reviewed) -> Response:
    person, verdict, note = _signed_in(request), text(form, "verdict"), text(form, "note")
    await to_thread.run_sync(lambda: reviewing.review(opened().store, person, meant, verdict, note))
    return _back(request, form, "reviewed")


def _signed_in(request: Request) -> Person:
    person = visitor_of(request).person
    if person is None or not person.signed_in:
        raise IdentityError("only a person who is signed in may decide.")
    return person


def _back(request: Request, form: FormData, said: str) -> Response:
    where = within(request, text(form, "back"))
    place, _, anchor = where.partition("#")
    mark = "&" if "?" in place else "?"
    return RedirectResponse(
        f"{place}{mark}{query({'said': said})}" + (f"#{anchor}" if anchor else ""), status_code=303
    )
