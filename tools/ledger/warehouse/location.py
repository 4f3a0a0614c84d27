"""Where a database or lake table is, as a sources file writes it, and with its credentials filled in.

A URL in a sources file holds no password: `${BOOKS_...}` in it names an environment variable, whole
(`${BOOKS_URL}`) or in parts (`postgresql://${BOOKS_USER}:${BOOKS_PASSWORD}@db/books`). Other variables are
not read, so that a sources file cannot carry the desk's own secrets elsewhere.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, urlsplit

from tools.core.errors import SourcesError, UnreachableError

PREFIX: Final = "BOOKS_"
LAKES: Final = ("delta", "iceberg")  # delta+s3://bucket/table is a table by itself
_VARIABLE: Final = re.compile(r"\$\{([^}]*)\}")
_NAME: Final = re.compile(rf"{PREFIX}[A-Z0-9_]+")


@dataclass(frozen=True)
class Location:
    """One database: `written` is what the sources file says and may be shown, `url` has the credentials."""

    written: str
    place: str  # key of the sources file
    url: str = field(repr=False)

    @property
    def scheme(self) -> str:
        """Say what kind of database it is."""
        return urlsplit(self.url).scheme.lower()

    @property
    def address(self) -> str:
        """Give the URL of a lake's table as its library has it: s3://bucket/table of delta+s3://bucket/table."""
        return self.url.partition("+")[2]

    @property
    def path(self) -> str:
        """Give the file of sqlite:///books.db (relative) or sqlite:////srv/books.db (absolute)."""
        return self.url.partition("://")[2].partition("/")[2].partition("?")[0]

    def without_credentials(self, message: str) -> str:
        """Give a driver's message in one line, without what came from the environment."""
        parts = urlsplit(self.url)
        text = message.replace(self.url, self.written)
        for secret in filter(None, (parts.password, parts.username if "${" in self.written else None)):
            text = text.replace(secret, "***")
        return " ".join(text.split())[:300].rstrip(".")

    def away(self, message: str) -> UnreachableError:
        """Word a driver's message about a database that is away, so that it is tried again."""
        text = self.without_credentials(message)
        return UnreachableError(f"{text}.", place=self.written, remedy="It is tried again.")

    def refusal(self, driver: str, message: str, remedy: str = "") -> SourcesError:
        """Word a driver's message about what has to be put right."""
        text = self.without_credentials(message)
        return SourcesError(f"{driver} says: {text}.", place=self.place, remedy=remedy)


def location(written: str, place: str) -> Location:
    """Fill in the credentials. Raises SourcesError for a written password or a variable without value."""
    whole = _VARIABLE.fullmatch(written.strip())
    url = _VARIABLE.sub(lambda match: _variable(match[1], place, quoted=whole is None), written.strip())
    if not whole and (password := _password(written)) and not _VARIABLE.search(password):
        raise SourcesError(
            "holds a password.",
            place=place,
            remedy=f"Write ${{{PREFIX}PASSWORD}} in its place, and set that in the environment.",
        )
    if "://" not in url:
        raise SourcesError(
            "is no URL of a database.", place=place, remedy="Write one such as postgresql://host/database."
        )
    return Location(written.strip(), place, url)


def variables(written: str) -> dict[str, str]:
    """Give the variables of the environment that a URL names, with their values, as far as they are set."""
    names = [name for name in _VARIABLE.findall(written) if _NAME.fullmatch(name)]
    return {name: os.environ[name] for name in names if name in os.environ}


def is_lake(written: str) -> bool:
    """Whether a URL is of a lake's table, which needs no name beside it."""
    return written.partition("://")[0].partition("+")[0].lower() in LAKES


def _variable(name: str, place: str, *, quoted: bool) -> str:
    if not _NAME.fullmatch(name):
        raise SourcesError(
            f"names a variable that does not begin with {PREFIX}.",
            place=place,
            remedy=f"Only variables such as {PREFIX}PASSWORD are read from the environment.",
        )
    value = os.environ.get(name)
    if value is None:
        raise SourcesError(f"${{{name}}} is not set in the environment.", place=place, remedy=f"Set {name}.")
    return quote(value, safe="") if quoted else value


def _password(url: str) -> str:
    """Give the password that is written out, whatever else the URL is."""
    account = url.partition("://")[2].partition("/")[0].rpartition("@")[0]
    return account.partition(":")[2]
