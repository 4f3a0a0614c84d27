"""Recovery on pages: claims by expected value, one claim whole, letters, the pipeline, suppression."""

from __future__ import annotations

import difflib
from typing import Any

from anyio import to_thread
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from desk.views.recovery import pipeline_view
from desk.web import chart_cache, resume_thread
from desk.web.decision_options import approval_refusal
from desk.web.endpoints import ConflictError, number, text, visitor_of
from desk.web.flash import message_of
from desk.web.form_helpers import back, signed_in
from desk.web.open_desk import open_desk
from desk.web.rendering import page
from tools.approvals import requests
from tools.core.errors import UsageError
from tools.identity.people import Person
from tools.recovery import ask_letters, calibration, claims, pipeline, suppressions, thread
from tools.recovery.letters import drafting
from tools.recovery.replies import apply
from tools.store import Store, runs

SIZE = 50
WORDS = ("approve", "reject", "edit")


def show_claims(request: Request) -> Response:
    """Show claims that have not ended, the greatest expected value first."""
    at = max(1, number(request, "page", 1))
    open_claims = claims.ClaimFilter(open_only=True, limit=SIZE + 1, offset=(at - 1) * SIZE)
    rows = claims.rows(open_desk().store, open_claims)
    values = {"section": "recovery", "rows": rows[:SIZE], "number": at, "more": len(rows) > SIZE}
    return page(request, "claims.html", values)


def show_claim(request: Request) -> Response:
    """Show one claim: its evidence, its thread, its money, and what happened."""
    dossier = claims.dossier(open_desk().store, str(request.path_params["claim_id"]))
    values = {
        "section": "recovery",
        "claim": dossier,
        "thread": thread.entries(open_desk().store, dossier),
        "kinds": apply.KINDS,
        "said": message_of(request),
    }
    return page(request, "claim.html", values)


def show_letters(request: Request) -> Response:
    """Show the letters that wait for a person, each beside what was changed of its template."""
    store, person = open_desk().store, visitor_of(request).person
    rows = [_with_word(store, row, person) for row in drafting.rows(store, "draft", SIZE)]
    evidence = claims.evidence(store, [row["claim_id"] for row in rows])
    rows = [{**row, "evidence": evidence[row["claim_id"]]} for row in rows]
    values = {"section": "recovery", "rows": rows, "said": message_of(request)}
    return page(request, "letters.html", values)


def _with_word(store: Store, row: dict[str, Any], person: Person | None) -> dict[str, Any]:
    """Add the difference from the template, and why this person may not approve it, or ""."""
    lines = difflib.unified_diff(
        row["template_body"].splitlines(), row["body"].splitlines(), "template", "letter", lineterm="", n=1
    )
    why_not = approval_refusal(store, row["letter_id"], ask_letters.KIND, person)
    return {**row, "difference": "\n".join(lines), "why_not": why_not}


async def decide_letter(request: Request, form: FormData) -> Response:
    """Approve a letter, as it is or as it was edited, or reject it; and go on with the run that asks."""
    signed_in(request)
    word, body = text(form, "word"), text(form, "body", 20_000).replace("\r\n", "\n")
    if word not in WORDS:
        raise UsageError("choose what you decide.")
    store, name = open_desk().store, str(request.path_params["letter_id"])
    open_request = await to_thread.run_sync(lambda: requests.about(store, name, ask_letters.KIND))
    if open_request is None:
        raise ConflictError("this letter is decided already.", remedy="Load the page again.")
    thread_id = await to_thread.run_sync(lambda: runs.get(store, open_request.run_id).thread_id)
    decision: dict[str, Any] = {"type": word, "subject": name, "message": text(form, "note")}
    if word == "edit":
        decision["args"] = {"body": body + "\n", "subject": text(form, "subject", 200)}
    came = await resume_thread.answer(thread_id, [decision], visitor_of(request).token or "")
    return back(request, form, f"{came}-{'approve' if word == 'edit' else word}")


def show_pipeline(request: Request) -> Response:
    """Show how many claims are in each state, what they are worth, and what happened last."""
    desk = open_desk()
    values = {
        "section": "recovery",
        "view": pipeline_view(desk.settings),
        "activity": pipeline.activity(desk.store, 20),
        "reliability": calibration.reliability(desk.store),
    }
    return page(request, "pipeline.html", values)


def reliability_chart(request: Request) -> Response:
    """Draw whether the chances that were given came true."""
    del request
    try:
        from desk.charts.reliability import reliability as drawn  # noqa: PLC0415 - matplotlib takes a second
    except ImportError:
        raise HTTPException(404, chart_cache.MISSING) from None
    fit = calibration.reliability(open_desk().store)
    if not fit.bins:
        raise HTTPException(404, "No claim has ended yet.")
    return Response(drawn(fit.bins, fit.brier), media_type="image/svg+xml")


def show_suppression(request: Request) -> Response:
    """Show the addresses that no letter goes to."""
    rows = suppressions.rows(open_desk().store)[:1000]
    return page(request, "suppression.html", {"section": "recovery", "rows": rows})
