"""The token of a program that is nobody (a scraper, an alert manager), and the headers of its answers."""

from __future__ import annotations

import hmac
from typing import Final

from pydantic import SecretStr
from starlette.datastructures import Headers

HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_BEARER: Final = "bearer "


def is_sent(headers: Headers, expected: SecretStr | None) -> bool:
    """Say whether 'Authorization: Bearer TOKEN' was sent, once, with the token of a setting that is set."""
    values = headers.getlist("authorization")
    token = expected.get_secret_value() if expected else ""
    if len(values) != 1 or not token:
        return False
    scheme, sent = values[0][: len(_BEARER)].lower(), values[0][len(_BEARER) :].strip()
    return scheme == _BEARER and hmac.compare_digest(sent.encode(), token.encode())
