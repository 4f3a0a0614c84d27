"""Who sits before a browser: a signed cookie names a session that this process keeps.

The session keeps the token that was shown, in memory only, and asks the users file anew at every request:
a person who is struck from it is signed out, a role that is taken away is gone. Another process, or this one
started again, asks people to sign in again.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tools.core.clock import clock
from tools.core.errors import TieoutError
from tools.core.settings import Settings
from tools.identity.people import Person, sign_in

COOKIE = "tieout_desk"
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=10)
MOST = 10_000  # sessions kept; the longest unused goes first


@dataclass(frozen=True)
class BrowserSession:
    """One session: the token that was shown, and when it was last used."""

    token: str = field(repr=False)
    since: datetime
    used: datetime


class Sessions:
    """The sessions of one process. Safe to use from several threads."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._held: dict[str, BrowserSession] = {}
        self._lock = threading.Lock()

    def cookie(self, name: str | None = None) -> str:
        """Give the signed cookie of a session; of a visitor's new one when none is named."""
        name = name or secrets.token_urlsafe(24)
        return f"{name}.{self._sign('cookie', name)}"

    def name_of(self, cookie: str | None) -> str | None:
        """Give the session that a cookie names, when the signature is ours."""
        name, _, signature = (cookie or "").rpartition(".")
        return name if name and hmac.compare_digest(signature, self._sign("cookie", name)) else None

    def csrf(self, name: str) -> str:
        """Give the token that every form of a session has to bring back."""
        return self._sign("csrf", name)

    def begin(self, token: str) -> str:
        """Keep a token that was found good; give the new session's name."""
        name, now = secrets.token_urlsafe(24), clock().now()
        with self._lock:
            self._forget_old(now)
            self._held[name] = BrowserSession(token, now, now)
        return name

    def end(self, name: str) -> None:
        """Forget a session."""
        with self._lock:
            self._held.pop(name, None)

    def token(self, name: str) -> str | None:
        """Give the token of a session that is still good, and note that it was used."""
        now = clock().now()
        with self._lock:
            session = self._held.get(name)
            if session is None or _expired(session, now):
                self._held.pop(name, None)
                return None
            self._held[name] = replace(session, used=now)
            return session.token

    def person(self, name: str, settings: Settings) -> Person | None:
        """Say who a session belongs to now; None for nobody, and for one who is no longer a user."""
        token = self.token(name)
        if token is None:
            return None
        try:
            return sign_in(token, settings)
        except TieoutError:
            self.end(name)
            return None

    def _forget_old(self, now: datetime) -> None:
        for name in [name for name, session in self._held.items() if _expired(session, now)]:
            del self._held[name]
        while len(self._held) >= MOST:
            del self._held[min(self._held, key=lambda name: self._held[name].used)]

    def _sign(self, purpose: str, name: str) -> str:
        return hmac.new(self._key, f"{purpose}:{name}".encode(), hashlib.sha256).hexdigest()


def _expired(session: BrowserSession, now: datetime) -> bool:
    return now - session.used > IDLE or now - session.since > LONGEST
