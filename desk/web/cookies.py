"""The session's cookie: how it is worded, and how it is found among whatever else a browser sends."""

from __future__ import annotations

import re
from typing import Final

from starlette.datastructures import Headers

from desk.web.sessions import COOKIE

_OURS: Final = re.compile(rf'(?:^|;)[ \t]*{re.escape(COOKIE)}="?([^;"\s]*)"?[ \t]*(?=;|$)')


def value_of(headers: Headers) -> str | None:
    """Give the value of our cookie; of several, the last.

    Not by a parser of all cookies: one that another application here named oddly would stop it.
    """
    values = _OURS.findall(headers.get("cookie", ""))
    return values[-1] if values else None


def set_cookie(value: str, *, secure: bool) -> str:
    """Word a cookie that no script reads and no other site sends."""
    return f"{COOKIE}={value}; HttpOnly; SameSite=Strict; Path=/" + ("; Secure" if secure else "")
