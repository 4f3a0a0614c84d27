"""The token that a request to the Server shows, wherever its client may put one."""

from __future__ import annotations

from typing import Final

from starlette.datastructures import Headers

from tools.core.errors import IdentityError

_SCHEME: Final = "bearer"
_LANGSMITHS: Final = ("lsv2_", "ls__")  # the SDK sends LangSmith's key along unasked, where one is set


def token_of(headers: Headers) -> str | None:
    """Give the token of 'Authorization: Bearer TOKEN', else of 'X-Api-Key'; None where neither is sent.

    Raises IdentityError for two of a kind, and for another scheme: whose request it is must be plain.
    """
    authorization, key = _only(headers, "Authorization"), _only(headers, "X-Api-Key")
    if authorization:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != _SCHEME or not token.strip():
            raise IdentityError("the scheme of Authorization is 'Bearer TOKEN'.", remedy="Send it so.")
        return token.strip()
    return None if not key or key.startswith(_LANGSMITHS) else key


def _only(headers: Headers, name: str) -> str:
    values = headers.getlist(name)
    if len(values) > 1:
        raise IdentityError(f"{name} was sent {len(values)} times.", remedy="Send it once.")
    return values[0].strip() if values else ""
