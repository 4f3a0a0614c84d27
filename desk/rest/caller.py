"""Who calls the REST interface: a person's token, or somebody at this machine who may read."""

from __future__ import annotations

from starlette.requests import Request

from desk.server import credentials, sign_in_limit
from desk.server.loopback import is_here
from tools.core.errors import IdentityError
from tools.core.settings import Settings


def token_of(request: Request, settings: Settings) -> str | None:
    """Give the token that was sent, good for reading; None for somebody at this machine, where that is open.

    Raises IdentityError.
    """
    token = credentials.token_of(request.headers)
    if token is not None:
        person = sign_in_limit.signed_in(request.scope, token, settings)
        if not person.may("read"):
            raise IdentityError(f"{person.user} has no role that may read.")
        return token
    client = request.client.host if request.client else None
    if settings.open_on_loopback and is_here(client, request.headers):
        return None
    raise IdentityError("no token was sent.", remedy="Send 'Authorization: Bearer TOKEN'.")
