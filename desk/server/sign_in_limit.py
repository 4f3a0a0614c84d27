"""Makes guessing tokens slow, on the API as on the pages: over all processes here, by where they come."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import Final

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from desk.server.client_address import client_address
from desk.server.credentials import token_of
from tools.core import settings
from tools.core.errors import IdentityError, TieoutError
from tools.core.settings import Settings
from tools.identity import people, sign_in_tries
from tools.identity.people import Person
from tools.identity.sign_in_tries import Try
from tools.store import open_store

_SCOPE: Final = "sign_in"
_PAGES: Final = "/desk/"  # they count by themselves, and take no token from a header
_CALLS: Final = "/desk/api/"  # of other programs, under the pages' address
_MOST: Final = 10_000  # good tokens remembered


class SignInAttempt:
    """A token on its way to being looked at. Safe to settle from any thread; only once it counts."""

    def __init__(self, token: str, folder: Path, record: Try) -> None:
        self.token, self.folder, self.record = token, folder, record
        self.open = True

    def good(self) -> None:
        """Say that the token is somebody's, or was not looked at."""
        if self.open and self.record.number:
            sign_in_tries.strike(self.folder, self.record)
        self.open = False

    def bad(self) -> None:
        """Say that it is nobody's: the try stays on record."""
        self.open = False


def begin(token: str, scope: Scope) -> SignInAttempt:
    """Begin an attempt with a token; where it has to wait, its token is not looked at. Raises TieoutError."""
    limits = settings.load()
    folder = open_store(limits.database_url).folder
    address = client_address(scope, Headers(scope=scope), limits)
    return SignInAttempt(token, folder, sign_in_tries.begin(folder, token, address, limits.sign_in_tries))


class _Good:
    """The digests of tokens that were somebody's: whoever works here is not cut off by one who guesses."""

    def __init__(self) -> None:
        self._digests: dict[str, None] = {}
        self._lock = threading.Lock()

    def has(self, token: str) -> bool:
        with self._lock:
            return _digest(token) in self._digests

    def keep(self, token: str) -> None:
        with self._lock:
            while len(self._digests) >= _MOST:
                del self._digests[next(iter(self._digests))]
            self._digests[_digest(token)] = None

    def drop(self, token: str) -> None:
        with self._lock:
            self._digests.pop(_digest(token), None)


_GOOD: Final = _Good()


class SignInLimit:
    """Middleware: answers 429 with Retry-After to tokens from where too many were nobody's."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        token = _token(scope)
        if token is None or _GOOD.has(token):
            await self.app(scope, receive, send)
            return
        try:
            attempt = await to_thread.run_sync(begin, token, scope)
        except TieoutError as error:
            await JSONResponse({"detail": str(error)}, status_code=503)(scope, receive, send)
            return
        if wait := attempt.record.wait:
            body = {"detail": f"Too many tokens from here were nobody's. Wait {wait} seconds."}
            await JSONResponse(body, 429, headers={"Retry-After": str(wait)})(scope, receive, send)
            return
        try:
            await self.app({**scope, _SCOPE: attempt}, receive, send)
        finally:
            await to_thread.run_sync(attempt.good)  # where nobody looked at it


def signed_in(scope: Scope, token: str, limits: Settings) -> Person:
    """Give whose token a request sent, and count one that is nobody's. Raises IdentityError for that."""
    try:
        person = people.sign_in(token, limits)
    except TieoutError:
        _settle(scope, token, good=False)
        raise
    _settle(scope, token, good=True)
    return person


def _settle(scope: Scope, token: str, *, good: bool) -> None:
    attempt: SignInAttempt | None = scope.get(_SCOPE)
    if good:
        _GOOD.keep(token)
        if attempt:
            attempt.good()
        return
    if attempt:
        attempt.bad()
    elif _GOOD.has(token):  # it was somebody's until now: counted from the next try on
        _GOOD.drop(token)


def _token(scope: Scope) -> str | None:
    if scope["type"] != "http":
        return None
    path = str(scope["path"])
    if path.startswith(_PAGES) and not path.startswith(_CALLS):
        return None
    try:
        return token_of(Headers(scope=scope))
    except IdentityError:
        return None  # refused where it is looked at


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
