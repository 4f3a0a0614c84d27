"""What stands before every page: who is there, what a browser may do, where a form came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Final
from urllib.parse import urlsplit

from anyio import to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from desk.server.loopback import is_here
from desk.web.sessions import COOKIE, Sessions
from tools.core import settings
from tools.identity.people import Person

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


@dataclass(frozen=True)
class Visitor:
    """Who looks at a page: a person who signed in, or somebody at this machine who may read."""

    session: str
    csrf: str = field(repr=False)
    person: Person | None
    token: str | None = field(repr=False)
    here: bool  # on this machine, where reading is open

    @property
    def may_read(self) -> bool:
        """Say whether pages are shown."""
        return self.here if self.person is None else self.person.may("read")


class Guard:
    """Middleware: gives `scope["visitor"]`, sets the headers, turns other sites' requests away."""

    def __init__(self, app: ASGIApp, sessions: Sessions) -> None:
        self.app, self.sessions = app, sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        cookie = _cookie(headers)
        name = self.sessions.name_of(cookie)
        fresh = None if name else self.sessions.cookie()
        static = _is_static(scope)
        answer = _Answer(send, static=static, cookie=None if static else fresh, secure=_secure(scope))
        if not static and (refused := _refused(scope, headers, signed_in=name is not None)):
            await refused(scope, receive, answer)
            return
        if not static:
            session = name or str(self.sessions.name_of(fresh))
            scope["visitor"] = await to_thread.run_sync(self._visitor, scope, headers, session)
        await self.app(scope, receive, answer)

    def _visitor(self, scope: Scope, headers: Headers, session: str) -> Visitor:
        held = settings.load()
        person = self.sessions.person(session, held)
        token = self.sessions.token(session) if person else None
        client = scope.get("client")
        here = held.open_on_loopback and is_here(client[0] if client else None, headers)
        return Visitor(session, self.sessions.csrf(session), person, token, here)


class _Answer:
    """Sends on what a page answers, with our headers."""

    def __init__(self, send: Send, *, static: bool, cookie: str | None, secure: bool) -> None:
        self.send, self.static, self.cookie, self.secure = send, static, cookie, secure

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            headers["Cache-Control"] = STATIC if self.static else PRIVATE
            if self.cookie and "set-cookie" not in headers:
                headers.append("Set-Cookie", set_cookie(self.cookie, secure=self.secure))
        await self.send(message)


def set_cookie(value: str, *, secure: bool) -> str:
    """Word a cookie that no script reads and no other site sends."""
    return f"{COOKIE}={value}; HttpOnly; SameSite=Strict; Path=/" + ("; Secure" if secure else "")


def _refused(scope: Scope, headers: Headers, *, signed_in: bool) -> ASGIApp | None:
    """Turn away what another site made the browser ask."""
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != headers.get("host"):
        return PlainTextResponse("This page answers its own forms only.", status_code=403)
    crossed = headers.get("sec-fetch-site") == "cross-site"
    if crossed and scope["method"] != "GET":
        return PlainTextResponse("This page answers its own forms only.", status_code=403)
    if crossed and headers.get("sec-fetch-mode") != "navigate":
        return PlainTextResponse("This page is not for other sites.", status_code=403)
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


def _cookie(headers: Headers) -> str | None:
    # Not Starlette's parser: the first of several cookies of that name would be another path's.
    read: SimpleCookie = SimpleCookie()
    read.load(headers.get("cookie", ""))
    found = read.get(COOKIE)
    return found.value if found else None
