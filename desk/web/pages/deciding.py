"""What people do: decide what a run asks, review what was flagged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from anyio import to_thread
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from desk import reviews
from desk.reviews import ReviewTarget
from desk.views import signatures
from desk.web import decision_form, resume_thread
from desk.web.decision_form import DecisionForm
from desk.web.decision_options import about_case
from desk.web.endpoints import text, visitor_of
from desk.web.form_helpers import back, next_page, signed_in
from desk.web.open_desk import open_desk
from graph.runtime.checkpoints import require_checkpoint
from tools.core.errors import UsageError
from tools.identity.people import Person
from tools.store import cases, queue

MOST_CASES: Final = 50


async def decide(request: Request, form: FormData) -> Response:
    """Say a word on what a request asks, and go on with its run."""
    person = signed_in(request)
    decision = decision_form.read(str(request.path_params["request_id"]), form)
    answer = await to_thread.run_sync(lambda: decision_form.answer(open_desk().store, decision, person))
    came = "again"
    if answer.answers:
        await to_thread.run_sync(require_checkpoint, answer.thread_id)
        token = visitor_of(request).token or ""
        came = await resume_thread.answer(answer.thread_id, answer.answers, token)
    if decision.outcome:
        await to_thread.run_sync(lambda: _record_outcome(decision, person))
    if came == "again":
        return back(request, form, came)
    following = await to_thread.run_sync(lambda: _following(decision, person))
    if following is None:
        return back(request, form, f"{came}-{decision.word}")
    return next_page(request, following, f"next-{decision.word}" if came == "done" else f"{came}-next")


def _record_outcome(decision: DecisionForm, person: Person) -> None:
    """Record what it turned out to be, of the flags that were decided on."""
    alone = ReviewTarget(flags=(decision.flag,)) if decision.flag else ReviewTarget(case=decision.case)
    reviews.review(open_desk().store, person, alone, str(decision.outcome), decision.note)


def _following(decision: DecisionForm, person: Person) -> str | None:
    """Give the next case that waits for this person, "" after the last; None to stay where the form was."""
    store = open_desk().store
    if not decision.case or decision.flag:
        return None
    signed = signatures.signed_cases(store, person.user, signatures.open_ballots(store))
    return queue.following(store, cases.get(store, decision.case), signed) or ""


async def decide_several(request: Request, form: FormData) -> Response:
    """Say a word on each of the cases that were selected, and go on with their runs."""
    person = signed_in(request)
    case_ids = [str(value)[:200] for value in form.getlist("case")][:MOST_CASES]
    if not case_ids:
        raise UsageError("select the cases that you decide on.")
    decisions = await to_thread.run_sync(lambda: _decisions(form, case_ids, person))
    answers: dict[str, list[dict[str, Any]]] = {}
    for decision in decisions:
        answer = await to_thread.run_sync(partial(decision_form.answer, open_desk().store, decision, person))
        answers.setdefault(answer.thread_id, []).extend(answer.answers)
    token = visitor_of(request).token or ""
    came = set()
    for thread_id, words in answers.items():
        if words:
            await to_thread.run_sync(require_checkpoint, thread_id)
            came.add(await resume_thread.answer(thread_id, words, token))
    for decision in decisions:
        if decision.outcome:
            await to_thread.run_sync(partial(_record_outcome, decision, person))
    later = next((each for each in ("waiting", "running") if each in came), "")
    return back(request, form, f"{later}-several" if later else "several")


def _decisions(form: FormData, case_ids: Sequence[str], person: Person) -> list[DecisionForm]:
    """Give the same word on each case, in each request that asks about it. Raises what a person may not."""
    store, decisions = open_desk().store, []
    for case_id in case_ids:
        for waiting in about_case(store, cases.get(store, case_id), person):
            request_id, subject = str(waiting["asked"]["request_id"]), str(waiting["subject"]["subject"])
            word = decision_form.read(request_id, form)
            decisions.append(replace(word, case=case_id, subject=subject, flag="", rules=None))
    if not decisions:
        raise UsageError("nobody is asked about these cases any more.", remedy="Load the page again.")
    return decisions


async def review_flag(request: Request, form: FormData) -> Response:
    """Record what a reviewer found one flag to be."""
    return await _review(request, form, ReviewTarget(flags=(str(request.path_params["flag_id"]),)))


async def review_case(request: Request, form: FormData) -> Response:
    """Record it for every flag of a case."""
    return await _review(request, form, ReviewTarget(case=str(request.path_params["case_id"])))


async def _review(request: Request, form: FormData, which: ReviewTarget) -> Response:
    person, verdict, note = signed_in(request), text(form, "verdict"), text(form, "note")
    await to_thread.run_sync(lambda: reviews.review(open_desk().store, person, which, verdict, note))
    return back(request, form, "reviewed")
