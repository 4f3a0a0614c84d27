"""The users file: names, roles, the digests of tokens. Read at every use: who is struck from it is gone."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, NamedTuple

import structlog
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, model_validator

from tools.core import bounded_yaml
from tools.core.bounded_yaml import YamlError
from tools.core.clock import clock
from tools.core.errors import IdentityError
from tools.core.refusal_text import dotted, expected

RESERVED = frozenset({"rule", "rules", "tieout", "desk"})  # the trail's names for what no person did
GONE = timedelta(minutes=1)  # an editor may take a file away for a moment
_NOTHING = "0" * 64
_log = structlog.stdlib.get_logger(__name__)


class Entry(BaseModel):
    """One user. Whoever signs in by a JWT alone has no token_sha256."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1)]
    roles: list[Annotated[str, Field(min_length=1)]]
    token_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    subject: Annotated[str, Field(min_length=1)] | None = None  # the name that JWTs have for this user
    disabled: bool = False  # may do nothing any more; the name stays taken, as the trail knows it


class Users(BaseModel):
    """All users by the name that decisions record; whoever is disabled is not among them."""

    model_config = ConfigDict(extra="forbid")

    users: dict[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._@-]*$")], Entry]
    _disabled: dict[str, Entry] = PrivateAttr(default_factory=dict)

    @model_validator(mode="after")
    def _nobody_is_the_desk(self) -> Users:
        if reserved := RESERVED & set(self.users):
            raise ValueError(f"the trail itself uses the name '{min(reserved)}'")
        return self

    @model_validator(mode="after")
    def _nobody_is_two(self) -> Users:
        # Two users with one token or one subject would let one person sign twice.
        for what in ("token_sha256", "subject"):
            values = [value for entry in self.users.values() if (value := getattr(entry, what)) is not None]
            if len(set(values)) < len(values):
                raise ValueError(f"two users have the same {what}")
        return self

    @model_validator(mode="after")
    def _set_the_disabled_apart(self) -> Users:
        self._disabled = {user: entry for user, entry in self.users.items() if entry.disabled}
        self.users = {user: entry for user, entry in self.users.items() if not entry.disabled}
        return self

    @property
    def disabled(self) -> dict[str, Entry]:
        """Give those who may do nothing any more."""
        return self._disabled

    def bars(self, subject: str) -> bool:
        """Say whether the bearer of a JWT with this name is a user who was disabled."""
        return any(subject in (user, entry.subject) for user, entry in self._disabled.items())

    def of_token(self, token: str) -> str | None:
        """Name the user whose token this is."""
        shown = hashlib.sha256(token.encode()).hexdigest()
        # No early exit: the time taken says nothing about which user came close.
        users = [
            user
            for user, entry in self.users.items()
            if hmac.compare_digest(entry.token_sha256 or _NOTHING, shown)
        ]
        return users[0] if users else None

    def of_subject(self, subject: str) -> str | None:
        """Name the user whom JWTs call so."""
        return next((user for user, entry in self.users.items() if entry.subject == subject), None)


class _Good(NamedTuple):
    """A users file that could be read, and when it last was."""

    users: Users
    seen: datetime


_LAST_GOOD: dict[Path, _Good] = {}


def in_use(path: Path) -> bool:
    """Say whether there is a users file, or was one since this process began."""
    return path.is_file() or path.absolute() in _LAST_GOOD


def read(path: Path) -> Users:
    """Read the users file; one that is broken while this process runs leaves the last good one in force.

    Raises IdentityError naming the file and the key: for a file that was never good in this process, and for
    one that is gone for a minute.
    """
    try:
        users = read_now(path)
    except IdentityError as error:
        last = _LAST_GOOD.get(path.absolute())
        if last is None or (not path.exists() and clock().now() - last.seen > GONE):
            raise
        _log.warning("the users file is broken; the last good one stays in force", error=str(error))
        return last.users
    _LAST_GOOD[path.absolute()] = _Good(users, clock().now())
    return users


def read_now(path: Path) -> Users:
    """Read the users file as it stands. Raises IdentityError naming the file and the key."""
    try:
        return Users.model_validate(bounded_yaml.read(path).value)
    except OSError as error:
        raise IdentityError(
            f"the users file cannot be read ({error.strerror or error}).",
            place=str(path),
            remedy="Point TIEOUT_USERS at it; without a token you can start and read, not approve.",
        ) from None
    except YamlError as error:
        raise IdentityError(
            f"{error.reason}.",
            place=error.at(path),
            remedy=f"{error.remedy} samples/users.yaml shows what a users file looks like.",
        ) from None
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        key = dotted(first["loc"]) or "users"
        raise IdentityError(
            f"{expected(first)}.",
            place=f"{path}: {key}",
            remedy="Each user takes a name, a list of roles, and token_sha256 (64 hexadecimal digits).",
        ) from None
