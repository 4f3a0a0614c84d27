"""How a request reaches a page: who may read, who may act."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable

from anyio import to_thread
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from desk.web.rendering import address_of, query
from desk.web.visitor import Visitor
from tools.core import settings
from tools.core.errors import TieoutError, UsageError
from tools.store.columns import clean

Page = Callable[[Request], Response]
Act = Callable[[Request, FormData], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]
_MOST_FIELDS = 64
_MOST_DIGITS = 7


class ConflictError(TieoutError):
    """Somebody else was faster."""


def reading(show: Page) -> Endpoint:
    """Make an endpoint of a page that whoever may read gets; others are asked to sign in."""

    async def endpoint(request: Request) -> Response:
        if not visitor_of(request).may_read:
            return to_sign_in(request)
        return await to_thread.run_sync(show, request)

    return endpoint


def acting(act: Act) -> Endpoint:
    """Make an endpoint of what a signed-in person does by a form of ours."""

    async def endpoint(request: Request) -> Response:
        form = await checked(request)
        if visitor_of(request).person is None:
            return to_sign_in(request)
        return await act(request, form)

    return endpoint


def sending(act: Act) -> Endpoint:
    """Make an endpoint of the form that sends files; who may not is turned away before they are read."""

    async def endpoint(request: Request) -> Response:
        if not visitor_of(request).may_send:
            return to_sign_in(request)
        form = await checked(request, files=settings.load().upload_files)
        try:
            return await act(request, form)
        finally:
            await form.close()

    return endpoint


async def checked(request: Request, *, files: int = 0) -> FormData:
    """Read a form. Raises 403 for one that does not bring its session's token."""
    form = await request.form(max_files=files, max_fields=_MOST_FIELDS)
    sent = form.get("csrf")
    expected = visitor_of(request).csrf
    if not isinstance(sent, str) or not hmac.compare_digest(sent.encode(), expected.encode()):
        await form.close()
        raise HTTPException(403, "This form is too old. Go back, load the page again, and repeat it.")
    return form


def visitor_of(request: Request) -> Visitor:
    """Say who asks."""
    visitor: Visitor = request.scope["visitor"]
    return visitor


def to_sign_in(request: Request) -> Response:
    """Lead to the sign-in page, and back afterwards."""
    root = request.scope.get("root_path", "")
    back = address_of(request) if request.method == "GET" else ""
    where = f"{root}/sign-in" + (f"?{query({'next': back})}" if back else "")
    return RedirectResponse(where, status_code=303)


def text(form: FormData, name: str, most: int = 2_000) -> str:
    """Give a field's text; what is too long is refused, not cut."""
    value = form.get(name, "")
    content = clean(value).strip() if isinstance(value, str) else ""
    if len(content) > most:
        raise UsageError(f"'{name}' is longer than {most:,} characters.")
    return content


def number(request: Request, name: str, default: int = 0) -> int:
    """Give a whole number below ten million out of the address; the default for anything else."""
    digits = request.query_params.get(name, "")
    return int(digits) if digits.isdecimal() and len(digits) <= _MOST_DIGITS else default
