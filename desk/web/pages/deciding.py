"""What people do: decide what a run asks, review what was flagged."""

from __future__ import annotations

from anyio import to_thread
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from desk import reviews
from desk.reviews import ReviewTarget
from desk.web import decision_form, resume_thread
from desk.web.endpoints import text, visitor_of
from desk.web.form_helpers import back, signed_in
from desk.web.opened import opened
from graph.runtime.checkpoints import require_checkpoint


async def decide(request: Request, form: FormData) -> Response:
    """Say a word on what a request asks, and go on with its run."""
    person = signed_in(request)
    decision = decision_form.read(str(request.path_params["request_id"]), form)
    answer = await to_thread.run_sync(lambda: decision_form.answer(opened().store, decision, person))
    if not answer.answers:
        return back(request, form, "again")
    await to_thread.run_sync(require_checkpoint, answer.thread_id)
    token = visitor_of(request).token or ""
    came = await resume_thread.answer(answer.thread_id, answer.answers, token)
    return back(request, form, f"{came}-{decision.word}")


async def review_flag(request: Request, form: FormData) -> Response:
    """Record what a reviewer found one flag to be."""
    return await _review(request, form, ReviewTarget(flags=(str(request.path_params["flag_id"]),)))


async def review_case(request: Request, form: FormData) -> Response:
    """Record it for every flag of a case."""
    return await _review(request, form, ReviewTarget(case=str(request.path_params["case_id"])))


async def _review(request: Request, form: FormData, which: ReviewTarget) -> Response:
    person, verdict, note = signed_in(request), text(form, "verdict"), text(form, "note")
    await to_thread.run_sync(lambda: reviews.review(opened().store, person, which, verdict, note))
    return back(request, form, "reviewed")
