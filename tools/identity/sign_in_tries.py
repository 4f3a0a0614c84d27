"""How many tokens were tried, from where and like which: a file beside the store that processes share.

A try is written down before its token is looked at, and struck out when the token is somebody's: however
many come at once, no more are looked at than may be.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.core.clock import clock
from tools.core.errors import UnreachableError

NAME: Final = "sign_ins.db"
SECONDS: Final = 60.0
_ALIKE: Final = 10  # as many times the tries of one address may share a token's beginning
_PREFIX: Final = 6
_BUSY_SECONDS: Final = 10
_TABLE: Final = """CREATE TABLE IF NOT EXISTS sign_in
    (number INTEGER PRIMARY KEY, address TEXT NOT NULL, alike TEXT NOT NULL, at REAL NOT NULL)"""
_FORGET: Final = "DELETE FROM sign_in WHERE at <= ? OR at > ?"
_OF_ADDRESS: Final = "SELECT count(*), min(at) FROM sign_in WHERE address = ?"
_OF_TOKENS: Final = "SELECT count(*), min(at) FROM sign_in WHERE alike = ?"
_WRITE: Final = "INSERT INTO sign_in (address, alike, at) VALUES (?, ?, ?)"
_STRIKE: Final = "DELETE FROM sign_in WHERE number = ?"


@dataclass(frozen=True)
class Try:
    """One try: the seconds to wait before another (0: look at the token), and its number in the file."""

    wait: int
    number: int = 0


def begin(folder: Path, token: str, address: str, most: int) -> Try:
    """Write a try down, or say how long to wait, where an address had its tries of the last minute.

    Tokens that begin alike are counted over all addresses: beyond ten times the tries of one, addresses that
    have failed wait, and one that has not still gets its first. Raises UnreachableError.
    """
    now, alike = clock().now().timestamp(), _digest(token[:_PREFIX])
    with _transaction(folder) as file:
        file.execute(_FORGET, (now - SECONDS, now + SECONDS))  # the clock may have been set back
        of_address, first = file.execute(_OF_ADDRESS, (address,)).fetchone()
        of_tokens, earliest = file.execute(_OF_TOKENS, (alike,)).fetchone()
        if of_address >= most or (of_address and of_tokens >= most * _ALIKE):
            return Try(_wait(first if of_address >= most else earliest, now))
        return Try(0, int(file.execute(_WRITE, (address, alike, now)).lastrowid or 0))


def strike(folder: Path, attempt: Try) -> None:
    """Strike out a try whose token was somebody's. Raises UnreachableError."""
    with _transaction(folder) as file:
        file.execute(_STRIKE, (attempt.number,))


def _wait(first: float, now: float) -> int:
    return max(1, int(first + SECONDS - now) + 1)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@contextmanager
def _transaction(folder: Path) -> Iterator[sqlite3.Connection]:
    """Open the file in a transaction that nobody else is in."""
    path = folder / NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)) as file:
            file.execute(_TABLE)
            file.execute("BEGIN IMMEDIATE")
            yield file
            file.execute("COMMIT")
    except (OSError, sqlite3.Error) as error:
        raise UnreachableError(
            f"sign-ins cannot be counted ({error}).",
            place=str(path),
            remedy="Make it writable: nobody signs in uncounted.",
        ) from None
