"""Who is asking: a token, ours or an identity provider's; whoever shows none may start and read."""

from __future__ import annotations

import getpass
import os
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from tools.core.errors import IdentityError
from tools.core.settings import Settings
from tools.identity import roles, users_file
from tools.identity.roles import STARTER, Deed

if TYPE_CHECKING:
    from tools.identity import jwt_tokens

_LOCAL = "local:"


class Person(BaseModel):
    """Somebody at the desk. `user` is what approvals and the trail record."""

    model_config = ConfigDict(frozen=True)

    user: str
    name: str
    roles: tuple[str, ...]

    @property
    def signed_in(self) -> bool:
        """Say whether a token proved who this is."""
        return not self.user.startswith(_LOCAL)

    def has(self, role: str) -> bool:
        """Say whether the person holds a role."""
        return role in self.roles

    def may(self, deed: Deed) -> bool:
        """Say whether one of the person's roles allows it."""
        return roles.may(self.roles, deed)


def sign_in(token: str | None, settings: Settings) -> Person:
    """Identify the bearer of a token; without one, the account of the operating system.

    A token is one of the users file, or a JWT where the settings take them.
    Raises IdentityError when the token is nobody's, or the users file cannot be read.
    """
    token = (token or "").strip()
    if not token:
        user = _os_user()
        return Person(user=_LOCAL + user, name=user, roles=(STARTER,))
    if settings.takes_jwts:
        from tools.identity import jwt_tokens  # noqa: PLC0415 - cryptography is slow to load

        if jwt_tokens.looks_like_one(token):
            return _of_claims(jwt_tokens.verify(token, settings), settings)
    users = users_file.read(settings.users)
    username = users.of_token(token)
    if username is None:
        raise IdentityError(
            "this token belongs to nobody.",
            place=str(settings.users),
            remedy="Check TIEOUT_TOKEN, or ask whoever keeps the users file.",
        )
    entry = users.users[username]
    return Person(user=username, name=entry.name, roles=tuple(entry.roles))


def _of_claims(claims: jwt_tokens.Claims, settings: Settings) -> Person:
    """Give the person of a JWT; one whom the users file knows is that user, so that nobody signs as two."""
    users = (
        users_file.read(settings.users) if users_file.in_use(settings.users) else users_file.Users(users={})
    )
    if users.bars(claims.subject):
        raise IdentityError(
            f"{claims.subject} was disabled.",
            place=str(settings.users),
            remedy="Ask whoever keeps the users file.",
        )
    user = users.of_subject(claims.subject) or claims.subject
    name = users.users[user].name if user in users.users else claims.name
    return Person(user=user, name=name, roles=claims.roles)


def _os_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return f"uid-{os.getuid()}"


def identify(server_info: object, token: str | None, settings: Settings) -> Person:
    """Tell who is at the other end of a graph's run.

    server_info: what LangGraph Server knows of the run; its user was authenticated there, and a run that
    nobody sent (a cron's) has none, or one without roles. None elsewhere: then the token says who it is,
    the context's before the setting's.
    """
    if server_info is None:
        setting = settings.token.get_secret_value() if settings.token else None
        return sign_in(token or setting, settings)
    user = getattr(server_info, "user", None)
    if user is None:
        return Person(user=f"{_LOCAL}server", name="the server itself", roles=())
    permissions = getattr(user, "permissions", None)  # a scheduled run's user has none
    return Person(
        user=user.identity,
        name=getattr(user, "display_name", user.identity),
        roles=tuple(permissions) if isinstance(permissions, list | tuple) else (),
    )
