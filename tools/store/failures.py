"""What is wrong with a database, and what helps: out of what its driver says."""

from __future__ import annotations

import re
import sqlite3
from traceback import walk_tb
from typing import NamedTuple

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from tools.core.errors import SettingsError, TieoutError, UnreachableError

AWAY = (OperationalError, InterfaceError, PoolTimeoutError, sqlite3.OperationalError, sqlite3.InterfaceError)


_OURS = ("tools", "graph", "nodes", "desk")


class _Cause(NamedTuple):
    """Words of a driver, what they mean, and what helps."""

    pattern: str
    kind: type[TieoutError]
    meaning: str
    remedy: str


_CAUSES = (
    _Cause(
        r"readonly database|read-only transaction|recovery is in progress",
        SettingsError,
        "is read-only",
        "Make its file and folder writable for this user, or name another; of PostgreSQL name the primary.",
    ),
    _Cause(
        r"unable to open database file",
        SettingsError,
        "cannot be opened",
        "Let this user read and write its file and its folder, or name another.",
    ),
    _Cause(
        r"disk is full|No space left|could not extend file",
        UnreachableError,
        "has no room: the disk is full",
        "Make room and repeat this: what was recorded before stands.",
    ),
    _Cause(
        r"file is not a database",
        SettingsError,
        "is no database",
        "Put it back from a backup, or name a file of ours or a new one.",
    ),
    _Cause(
        r"disk I/O error",  # of SQLite also where a full disk has no room for its shared memory
        UnreachableError,
        "could not be read or written: its disk is full or failing",
        "Make room and repeat this; where there is room, look at the disk, and put it back from a backup.",
    ),
    _Cause(
        r"malformed|invalid page|checksum",
        SettingsError,
        "is damaged",
        "Put it back from a backup.",
    ),
    _Cause(
        r"authentication failed|no pg_hba\.conf entry|role \S+ does not exist|no password supplied",
        SettingsError,
        "does not let this user in",
        "Check the user and the password in its URL.",
    ),
    _Cause(
        r"database \S+ does not exist",
        SettingsError,
        "is not there",
        "Make it (createdb), or correct its URL.",
    ),
    _Cause(
        r"permission denied",
        SettingsError,
        "may not be used by this user",
        "Make the user of its URL the owner of the database.",
    ),
    _Cause(
        r"no such (table|column)|(relation|column) \S+ does not exist"
        r"|duplicate column|(table|index|relation|column) .+ already exists",
        SettingsError,
        "is of another version, or its tables were changed",
        "Put it back from a backup; 'tieout verify' shows what differs.",
    ),
)


def of(error: Exception, place: str, database: str = "the store") -> TieoutError | None:
    """Give an error of ours for a driver's: what it is, and what helps; None for a fault of the caller.

    place: the setting or the store, without a password. database: what it is to the reader.
    """
    text = _first_line(error)
    for cause in _CAUSES:
        if re.search(cause.pattern, text, re.IGNORECASE):
            return cause.kind(f"{database} {cause.meaning}: {text}.", place=place, remedy=cause.remedy)
    if _is_away(error) or getattr(error, "connection_invalidated", False):
        return UnreachableError(
            f"{database} is locked or away: {text}.", place=place, remedy="Try again when it is back."
        )
    return None


def unreadable(error: Exception, place: str) -> TieoutError | None:
    """Give an error of ours for a value in the store that is none of its column's; None for any other error.

    What is written is checked by its type, so that such a value was put there past the desk.
    """
    modules = [frame.f_globals.get("__name__", "") for frame, _ in walk_tb(error.__traceback__)]
    places = {name.partition(".")[0]: number for number, name in enumerate(modules)}
    if places.get("sqlalchemy", -1) < max((places.get(name, -1) for name in _OURS), default=-1):
        return None
    return SettingsError(
        f"the store holds a value that cannot be read: {_first_line(error)}.",
        place=place,
        remedy="'tieout verify' names the row that was changed past us. Put the store back from a backup.",
    )


def _is_away(error: Exception) -> bool:
    """Say whether a driver's error is of those by which every one of them says that nobody answers."""
    names = {kind.__name__ for kind in type(error).__mro__}
    return isinstance(error, AWAY) or not names.isdisjoint({"OperationalError", "InterfaceError"})


def _first_line(error: Exception) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    lines = str(cause).strip().splitlines() or [type(error).__name__]
    return lines[0].rstrip(".")
