"""Change the users file: one user's lines alone, every comment and line of the rest as it stands.

add(path, user, entry)            a new user
set_keys(path, user, keys)        keys of a user who is there: {"disabled": "true"}

The file is read and replaced whole, under a lock, with mode 0600 and the owner that it has.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from tools.core import bounded_yaml
from tools.core.bounded_yaml import YamlError
from tools.core.errors import IdentityError
from tools.core.refusal_text import dotted, expected
from tools.identity import users_text
from tools.identity.users_file import Entry, Users

MODE: Final = 0o600


def add(path: Path, user: str, entry: Entry) -> None:
    """Put a user into the file, which is made where there is none.

    Raises IdentityError for a name that is taken or that no user can have.
    """
    fields = entry.model_dump(exclude_none=True, exclude_defaults=True)
    with _locked(path) as target:
        text = _text(target)
        value = _value(text, target)
        if user in value["users"]:
            raise IdentityError(
                f"there is a user '{user}' already.",
                place=str(path),
                remedy=f"Give a new token with 'tieout users add {user} --new-token', or take another name.",
            )
        value["users"][user] = fields
        _replace(target, users_text.with_user(text, user, fields), value)


def set_keys(path: Path, user: str, keys: Mapping[str, str | bool]) -> None:
    """Set keys of a user's entry. Raises IdentityError when there is no such user."""
    with _locked(path) as target:
        text = _text(target)
        value = _value(text, target)
        if user not in value["users"]:
            raise IdentityError(
                f"there is no user '{user}'.", place=str(path), remedy="'tieout users list' lists them."
            )
        for key, word in keys.items():
            value["users"][user][key] = word
            text = users_text.with_key(text, user, key, str(word).lower() if isinstance(word, bool) else word)
        _replace(target, text, value)


@contextmanager
def _locked(path: Path) -> Iterator[Path]:
    """Hold the file: whoever changes it reads and writes it alone."""
    target = path.resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        lock = target.with_name(f".{target.name}.lock").open("w")
    except OSError as error:
        raise _cannot(path, error) from None
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield target


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise _cannot(path, error) from None


def _value(text: str, path: Path) -> dict[str, Any]:
    """Give what the file says, once it is sure that it says users."""
    try:
        value = bounded_yaml.load(text) or {}
        value = {**value, "users": {**(value.get("users") or {})}} if isinstance(value, dict) else value
        Users.model_validate(value)
    except YamlError as error:
        raise IdentityError(f"{error.reason}.", place=error.at(path), remedy=error.remedy) from None
    except (ValidationError, TypeError) as error:
        raise _invalid(path, error) from None
    return value


def _replace(path: Path, text: str, value: Mapping[str, Any]) -> None:
    """Put a text in place of the file once it is seen to say just what it should."""
    try:
        same = bounded_yaml.load(text) == value
        Users.model_validate(value)
    except YamlError:
        same = False
    except ValidationError as error:
        raise _invalid(path, error) from None
    if not same:
        raise IdentityError(
            "it is written in a way in which this cannot be put.",
            place=str(path),
            remedy="Write its users one below the other, as samples/users.yaml does.",
        )
    _write(path, text)


def _write(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.new")
    try:
        draft.unlink(missing_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, MODE)
        with os.fdopen(handle, "wb") as file:
            if path.exists() and os.geteuid() == 0:  # the desk's account goes on reading what root wrote
                os.fchown(file.fileno(), path.stat().st_uid, path.stat().st_gid)
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise _cannot(path, error) from None


def _invalid(path: Path, error: ValidationError | TypeError) -> IdentityError:
    if isinstance(error, TypeError):
        return IdentityError("it holds no users.", place=str(path), remedy="samples/users.yaml shows one.")
    first = error.errors(include_input=False)[0]
    return IdentityError(
        f"{expected(first)}.",
        place=f"{path}: {dotted(first['loc']) or 'users'}",
        remedy="A user's name is of small letters, digits, '.', '_', '@' and '-'.",
    )


def _cannot(path: Path, error: OSError | UnicodeDecodeError) -> IdentityError:
    return IdentityError(
        f"the users file cannot be changed ({getattr(error, 'strerror', None) or 'not UTF-8'}).",
        place=str(path),
        remedy="Point TIEOUT_USERS at a file that this account may write, in a folder that it may write.",
    )
