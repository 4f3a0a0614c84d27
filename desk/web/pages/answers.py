"""Mails on pages: those that wait for a person, each as it came, what a person says of it; letters as PDF."""

from __future__ import annotations

from anyio import to_thread
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from desk.web.endpoints import text
from desk.web.flash import message_of
from desk.web.form_helpers import back, signed_in
from desk.web.open_desk import open_desk
from desk.web.rendering import page
from tools.core.errors import IdentityError
from tools.recovery import thread
from tools.recovery.letters import drafting, pdf
from tools.recovery.replies import apply

SIZE = 50


def show(request: Request) -> Response:
    """Show the answers that the desk was not sure of, with the mail whole."""
    store = open_desk().store
    entries = [thread.reply_entry(store, row) for row in apply.rows(store, "unsure", SIZE)]
    values = {"section": "recovery", "thread": entries, "kinds": apply.KINDS, "said": message_of(request)}
    return page(request, "replies.html", values)


def mail(request: Request) -> Response:
    """Give a mail as it came, to save: a browser is not to run what a stranger sent."""
    reply_id = str(request.path_params["reply_id"])
    return _file(apply.raw(open_desk().store, reply_id), "message/rfc822", f"{reply_id[:12]}.eml")


def letter_pdf(request: Request) -> Response:
    """Give a letter as PDF."""
    row = drafting.row(open_desk().store, str(request.path_params["letter_id"]))
    return _file(pdf.of_letter(row), "application/pdf", f"{row['letter_id']}.pdf")


def _file(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)


async def settle(request: Request, form: FormData) -> Response:
    """Record what a person says a mail is; it is acted on then."""
    person = signed_in(request)
    if not person.may("decide"):
        raise IdentityError(f"{person.user} may not decide on answers.", remedy="An approver may.")
    store, reply_id, kind = open_desk().store, str(request.path_params["reply_id"]), text(form, "kind")
    await to_thread.run_sync(lambda: apply.settle(store, reply_id, kind, person.user))
    return back(request, form, "settled")
