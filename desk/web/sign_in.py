"""Sign in by token, sign out."""

from __future__ import annotations

from anyio import to_thread
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from desk.server import sign_in_limit
from desk.web.cookies import set_cookie
from desk.web.endpoints import checked, text, visitor_of
from desk.web.rendering import page
from desk.web.sessions import Sessions
from tools.core import settings
from tools.core.errors import IdentityError, TieoutError
from tools.identity.people import sign_in

LONGEST_TOKEN = 8_000


async def show(request: Request) -> Response:
    """Show the form."""
    back = within(request, request.query_params.get("next", ""))
    return page(request, "sign_in.html", {"next": back, "error": ""})


async def enter(request: Request) -> Response:
    """Take a token: a session for whoever it belongs to, under a new name."""
    form = await checked(request)
    token = text(form, "token", LONGEST_TOKEN)
    attempt = await to_thread.run_sync(sign_in_limit.begin, token, request.scope)
    if wait := attempt.record.wait:
        answer = _form_with_error(request, form, f"Too many tries. Wait {wait} seconds.", 429)
        answer.headers["Retry-After"] = str(wait)
        return answer
    try:
        await to_thread.run_sync(_check_token, token)
    except TieoutError as error:
        attempt.bad()
        return _form_with_error(request, form, error.message, 403)
    await to_thread.run_sync(attempt.good)
    return _begin(request, token, within(request, text(form, "next")))


async def leave(request: Request) -> Response:
    """End the session."""
    await checked(request)
    sessions: Sessions = request.app.state.sessions
    sessions.end(visitor_of(request).session)
    root = request.scope.get("root_path", "")
    return _to(f"{root}/sign-in", sessions.cookie(), request)


def _check_token(token: str) -> None:
    if not token:
        raise IdentityError("a token is needed.")
    sign_in(token, settings.load())


def within(request: Request, back: str) -> str:
    """Give the page to go back to when it is one of ours, else the first one."""
    root = str(request.scope.get("root_path", ""))
    ours = back.startswith(f"{root}/") and not back.startswith("//") and back.isprintable()
    return back if ours and "\\" not in back and not back.startswith(f"{root}//") else f"{root}/"


def _begin(request: Request, token: str, back: str) -> Response:
    sessions: Sessions = request.app.state.sessions
    sessions.end(visitor_of(request).session)
    return _to(back, sessions.cookie(sessions.begin(token)), request)


def _to(where: str, cookie: str, request: Request) -> Response:
    answer = RedirectResponse(where, status_code=303)
    answer.headers.append("Set-Cookie", set_cookie(cookie, secure=request.scope.get("scheme") == "https"))
    return answer


def _form_with_error(request: Request, form: FormData, message: str, status: int) -> Response:
    back = within(request, text(form, "next"))
    return page(request, "sign_in.html", {"next": back, "error": message}, status=status)
