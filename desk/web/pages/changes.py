"""Changes of the rules: what each gate saw, tests, mutants and the difference; and people's word on them."""

from __future__ import annotations

from typing import Any

from anyio import to_thread
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from desk import changes
from desk.web import resume_thread
from desk.web.decision_options import approval_refusal
from desk.web.endpoints import ConflictError, text, visitor_of
from desk.web.flash import message_of
from desk.web.form_helpers import back, signed_in
from desk.web.open_desk import open_desk
from desk.web.rendering import page
from tools.approvals import requests
from tools.core.errors import IdentityError, UsageError
from tools.front_desk import checkpoints
from tools.front_desk.changes import activation
from tools.identity.people import Person
from tools.runs.starting import change_later
from tools.store import Store, proposals, rule_versions, runs

SIZE = 50


def show(request: Request) -> Response:
    """List changes of every kind, the newest first."""
    return page(
        request,
        "changes.html",
        {"section": "feedback", "rows": changes.rows(open_desk().store, SIZE), "said": message_of(request)},
    )


def show_change(request: Request) -> Response:
    """Show one change: its gates, tests, mutants, replay and difference, and what may be done with it."""
    desk, person = open_desk(), visitor_of(request).person
    proposal, suite = activation.with_last_round(desk.store, str(request.path_params["change"]))
    return page(
        request,
        "change.html",
        {
            "section": "feedback",
            "row": changes.row(proposal, suite),
            "gates": suite.gates if suite else [],
            "replay": suite.replay if suite else {},
            "outcomes": changes.outcomes(desk.store, proposal.proposal_id),
            "mutants": changes.mutants(desk.store, proposal.proposal_id),
            "diff": _difference(suite.draft if suite else proposal.details.get("draft", {})),
            "phrase": activation.phrase(proposal.proposal_id),
            "asked": requests.about(desk.store, proposal.proposal_id, checkpoints.ACTIVATE) is not None,
            "why_not": approval_refusal(desk.store, proposal.proposal_id, checkpoints.ACTIVATE, person),
            "may_start": person is not None and person.may("start"),
            "may": person is not None and person.may("decide"),
            "said": message_of(request),
        },
    )


async def test(request: Request, form: FormData) -> Response:
    """Put the tests of a change down for the workers, in the name of whoever asks."""
    person = signed_in(request)
    if not person.may("start"):
        raise IdentityError(f"{person.user} may not have a change tested.")
    change = str(request.path_params["change"])
    await to_thread.run_sync(lambda: _put_down(open_desk().store, change, person))
    return back(request, form, "tests-put-down")


def _put_down(store: Store, change: str, person: Person) -> None:
    proposal = proposals.get(store, change)
    if requests.about(store, proposal.proposal_id, checkpoints.ACTIVATE) is not None:
        raise ConflictError(
            "this change has passed its gates and waits for two people.", remedy="Load the page again."
        )
    change_later(store, proposal.proposal_id, starter=person.user, again=True)


async def decide(request: Request, form: FormData) -> Response:
    """Approve (typing what happens) or reject a change that waits for two."""
    signed_in(request)
    word, note, token = text(form, "word"), text(form, "note"), visitor_of(request).token or ""
    if word not in ("approve", "reject"):
        raise UsageError("choose what you decide.")
    store, change = open_desk().store, str(request.path_params["change"])
    open_request = await to_thread.run_sync(lambda: requests.about(store, change, checkpoints.ACTIVATE))
    if open_request is None:
        raise ConflictError("nobody is asked about this change any more.", remedy="Load the page again.")
    thread = await to_thread.run_sync(lambda: runs.get(store, open_request.run_id).thread_id)
    words = [{"type": word, "subject": change, "message": note}]
    came = await resume_thread.answer(thread, words, token)
    return back(request, form, f"{came}-{word}")


async def roll_back(request: Request, form: FormData) -> Response:
    """Take a live change out of the rules file again."""
    signed_in(request)
    token, note, change = visitor_of(request).token, text(form, "note"), str(request.path_params["change"])
    await to_thread.run_sync(lambda: changes.roll_back(open_desk().store, change, token=token, note=note))
    return back(request, form, "rolled-back")


def _difference(draft: dict[str, Any]) -> str:
    return rule_versions.difference(str(draft.get("before", "")), str(draft.get("after", "")))
