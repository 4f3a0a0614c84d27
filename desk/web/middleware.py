"""What stands before every page: who is there, what a browser may do, where a form came from.

Whatever goes wrong behind it, or in it, is answered by a page of ours with the same headers.
"""

from __future__ import annotations

import logging
from typing import Final
from urllib.parse import urlsplit

from anyio import to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from desk.server.loopback import is_here
from desk.web import wrong
from desk.web.cookies import set_cookie, value_of
from desk.web.requests_read import LONGEST_BODY, Limited, cleaned, sends_files, unreadable
from desk.web.sessions import Sessions
from desk.web.visitor import Visitor
from tools.core import settings

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not "no-referrer": a browser would then send "Origin: null" with our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
PRIVATE: Final = "no-store"
STATIC: Final = "no-cache"  # kept, but asked after: a new version shows at once
_LOG = logging.getLogger(__name__)


class RequestGuard:
    """Middleware: gives `scope["visitor"]`, sets the headers, turns other sites' requests away."""

    def __init__(self, app: ASGIApp, sessions: Sessions) -> None:
        self.app, self.sessions = app, sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope = cleaned(scope)
        answer = _Answer(send, static=_is_static(scope), secure=_secure(scope))
        try:
            await self._let(scope, Limited(receive), answer)
        except Exception as error:  # the border: nobody above has our headers
            if answer.started:
                raise
            if wrong.is_unexpected(error):
                _LOG.exception("%s %s failed", scope["method"], scope["path"])
            await wrong.page_of(scope, error)(scope, receive, answer)

    async def _let(self, scope: Scope, receive: Limited, answer: _Answer) -> None:
        headers = Headers(scope=scope)
        if why := unreadable(scope, headers):
            raise HTTPException(400, why)
        if answer.static:
            await self.app(scope, receive, answer)
            return
        name = self.sessions.name_of(value_of(headers))
        answer.cookie = None if name else self.sessions.cookie()
        if response := _refused(scope, headers, signed_in=name is not None):
            await response(scope, receive, answer)
            return
        session = name or str(self.sessions.name_of(answer.cookie))
        scope["visitor"] = await to_thread.run_sync(self._visitor, scope, headers, session)
        if sends_files(scope, headers):
            _open_for_files(receive, headers, scope["visitor"])
        await self.app(scope, receive, answer)

    def _visitor(self, scope: Scope, headers: Headers, session: str) -> Visitor:
        limits = settings.load()
        person = self.sessions.person(session, limits)
        token = self.sessions.token(session) if person else None
        client = scope.get("client")
        on_loopback = limits.open_on_loopback and is_here(client[0] if client else None, headers)
        return Visitor(session, self.sessions.csrf(session), person, token, on_loopback)


def _open_for_files(receive: Limited, headers: Headers, visitor: Visitor) -> None:
    """Let whoever may start an audit send files, as large as the settings say. Raises HTTPException."""
    if not visitor.may_send:
        raise HTTPException(403, "Only a person who is signed in, and may start an audit, may send files.")
    most = settings.load().upload_bytes
    receive.most = most + LONGEST_BODY
    receive.refusal = (
        f"That is more than {most:,} bytes at once (TIEOUT_UPLOAD_BYTES). Send fewer files, or have them put"
        " into a folder of the desk."
    )
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length) > receive.most:
        raise HTTPException(413, receive.refusal)


class _Answer:
    """Sends on what a page answers, with our headers."""

    def __init__(self, send: Send, *, static: bool, secure: bool) -> None:
        self.send, self.static, self.secure = send, static, secure
        self.cookie: str | None = None
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            cacheable = self.static and message["status"] in (200, 206, 304)
            headers["Cache-Control"] = STATIC if cacheable else PRIVATE
            if self.cookie and "set-cookie" not in headers:
                headers.append("Set-Cookie", set_cookie(self.cookie, secure=self.secure))
        await self.send(message)


def _refused(scope: Scope, headers: Headers, *, signed_in: bool) -> Response | None:
    """Turn away what another site made the browser ask."""
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != headers.get("host"):
        raise HTTPException(403, wrong.OWN_FORMS)
    crossed = headers.get("sec-fetch-site") == "cross-site"
    if crossed and scope["method"] != "GET":
        raise HTTPException(403, wrong.OWN_FORMS)
    if crossed and headers.get("sec-fetch-mode") != "navigate":
        raise HTTPException(403, "This page is not for other sites. Open it in a window of its own.")
    if crossed and not signed_in:
        # A link in a mail: the browser held the cookie back. Asked again by ourselves, it sends it.
        return HTMLResponse(
            '<!doctype html><html lang="en"><title>Tieout</title><meta http-equiv="refresh" content="0">'
        )
    return None


def _is_static(scope: Scope) -> bool:
    path, root = str(scope["path"]), str(scope.get("root_path", ""))
    return path.removeprefix(root).startswith("/static/")


def _secure(scope: Scope) -> bool:
    return scope.get("scheme") == "https"
