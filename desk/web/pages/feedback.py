"""What reviews suggest to change in the rules, with what it would have hidden; and people's word on it."""

from __future__ import annotations

from anyio import to_thread
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from desk import task_waits
from desk.feedback import Word, begin_later, open_round, rows
from desk.feedback import roll_back as take_back
from desk.web import resume_thread
from desk.web.decision_options import approval_refusal
from desk.web.endpoints import ConflictError, text, visitor_of
from desk.web.flash import message_of
from desk.web.form_helpers import back, signed_in
from desk.web.open_desk import OpenDesk, open_desk
from desk.web.rendering import page
from tools.checks.rules_file import load_rules
from tools.core import settings
from tools.core.errors import IdentityError, UsageError
from tools.feedback import asking
from tools.store import proposals

SIZE = 50
WAIT_SECONDS = 6.0
WORDS: tuple[Word, ...] = ("approve", "reject")


def show(request: Request) -> Response:
    """Show proposals: open ones first, then what became of the others."""
    desk, person = open_desk(), visitor_of(request).person
    waiting = [
        {**row, "why_not": approval_refusal(desk.store, row["proposal_id"], asking.KIND, person)}
        for row in rows(desk.store, status="open", limit=200)
    ]
    settled = [row for row in rows(desk.store, limit=SIZE) if row["status"] != "open"]
    return page(
        request,
        "feedback.html",
        {
            "section": "feedback",
            "waiting": waiting,
            "settled": settled,
            "changes": proposals.changes(desk.store)[:SIZE],
            "round": open_round(desk.store),
            "gated": load_rules(settings.load().rules).feedback.gated,
            "said": message_of(request),
            "may": person is not None and person.may("decide"),
        },
    )


async def decide(request: Request, form: FormData) -> Response:
    """Approve or reject a proposal, and go on with the round that asks."""
    person = signed_in(request)
    word = next((known_word for known_word in WORDS if known_word == text(form, "word")), None)
    if word is None:
        raise UsageError("choose what you decide.")
    note, token = text(form, "note"), visitor_of(request).token or ""
    desk, name = open_desk(), str(request.path_params["proposal_id"])
    proposal = await to_thread.run_sync(lambda: proposals.get(desk.store, name))
    if proposal.status != "open":
        if proposal.decided_by == person.user:
            return back(request, form, "again")
        raise ConflictError(f"this is {proposal.status} already.", remedy="Load the page again.")
    words = [{"type": word, "subject": proposal.proposal_id, "message": note}]
    came = await resume_thread.answer(str(proposal.details["thread_id"]), words, token)
    return back(request, form, f"{came}-{word}")


async def roll_back(request: Request, form: FormData) -> Response:
    """Take an applied change out of the rules file again."""
    person, token = signed_in(request), visitor_of(request).token
    desk, name, note = open_desk(), str(request.path_params["proposal_id"]), text(form, "note")
    if not person.may("decide"):
        raise IdentityError(f"{person.user} may not change the rules.")
    await to_thread.run_sync(lambda: _roll_back(desk, name, token, note))
    return back(request, form, "rolled-back")


async def begin(request: Request, form: FormData) -> Response:
    """Read the reviews of the last days now."""
    person, token = signed_in(request), visitor_of(request).token
    if not person.may("decide"):
        raise IdentityError(f"{person.user} may not begin a round of feedback.")
    came = await to_thread.run_sync(_begin, open_desk(), token)
    return back(request, form, f"{came}-reading")


def _begin(desk: OpenDesk, token: str | None) -> str:
    task = begin_later(desk.store, desk.settings, token)
    return task_waits.wait(desk.store, task.task_id, WAIT_SECONDS)


def _roll_back(desk: OpenDesk, name: str, token: str | None, note: str) -> None:
    if proposals.get(desk.store, name).status != "rolled_back":  # sent twice, it counts once
        take_back(desk.store, name, token=token, note=note)
