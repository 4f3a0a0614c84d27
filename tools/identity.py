"""Who is asking: a token against the users file; whoever shows none may start and read, never approve."""

from __future__ import annotations

import getpass
import hashlib
import hmac
import os
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from tools import roles
from tools.errors import IdentityError
from tools.roles import STARTER, Deed
from tools.settings import Settings

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


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1)]
    roles: list[Annotated[str, Field(min_length=1)]]
    token_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Users(BaseModel):
    model_config = ConfigDict(extra="forbid")

    users: dict[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._@-]*$")], _Entry]

    @model_validator(mode="after")
    def _tokens_differ(self) -> _Users:
        # Two users with one token would let one person sign twice.
        if len({entry.token_sha256 for entry in self.users.values()}) < len(self.users):
            raise ValueError("two users have the same token_sha256")
        return self


def sign_in(token: str | None, settings: Settings) -> Person:
    """Identify the bearer of a token; without one, the account of the operating system.

    Raises IdentityError when the token is nobody's, or the users file cannot be read.
    """
    if not token:
        user = _os_user()
        return Person(user=_LOCAL + user, name=user, roles=(STARTER,))
    held = _read(settings.users).users
    shown = hashlib.sha256(token.strip().encode()).hexdigest()
    # No early exit: the time taken says nothing about which user came close.
    found = [user for user, entry in held.items() if hmac.compare_digest(entry.token_sha256, shown)]
    if not found:
        raise IdentityError(
            "this token belongs to nobody.",
            place=str(settings.users),
            remedy="Check TIEOUT_TOKEN, or ask whoever keeps the users file.",
        )
    entry = held[found[0]]
    return Person(user=found[0], name=entry.name, roles=tuple(entry.roles))


def _read(path: Path) -> _Users:
    try:
        return _Users.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise IdentityError(
            f"the users file cannot be read ({reason}).",
            place=str(path),
            remedy="Point TIEOUT_USERS at it; without a token you can start and read, not approve.",
        ) from None
    except yaml.YAMLError as error:
        raise IdentityError(f"not YAML: {' '.join(str(error).split())}", place=str(path)) from None
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        key = ".".join(str(part) for part in first["loc"]) or "users"
        raise IdentityError(
            f"{first['msg']}.",
            place=f"{path}: {key}",
            remedy="Each user takes a name, a list of roles, and token_sha256 (64 hexadecimal digits).",
        ) from None


def _os_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return f"uid-{os.getuid()}"


def identify(server_user: Any, token: str | None, settings: Settings) -> Person:  # noqa: ANN401 - the Server's own type
    """Tell who is at the other end of a graph's run.

    server_user: what LangGraph Server authenticated (identity, permissions), or None elsewhere;
    then the token says who it is, the context's before the setting's.
    """
    if server_user is not None:
        return Person(
            user=server_user.identity,
            name=server_user.display_name,
            roles=tuple(server_user.permissions),
        )
    setting = settings.token.get_secret_value() if settings.token else None
    return sign_in(token or setting, settings)
