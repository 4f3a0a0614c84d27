"""A test of the books: one `.sql` file with a header, read into a typed record."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Final, Literal, TypeVar, get_args

from tools.core import bounded_yaml
from tools.core.bounded_yaml import Bounds
from tools.core.errors import TestHeaderError

CheckName = Literal["quality", "reconciliation", "anomaly"]
About = Literal["row", "source", "line", "cell"]
Absolute = Literal["money", "calendar", "order"]
_ABOUT: Final[tuple[About, ...]] = get_args(About)
_ABSOLUTE: Final[tuple[Absolute, ...]] = get_args(Absolute)
_Choice = TypeVar("_Choice", bound=str)
Parameter = int | float | str | bool | None
EACH: Final = "each_column"
_BOUNDS: Final = Bounds()  # of our own headers, whatever the settings say

_TITLE = re.compile(r"^--\s*(?P<name>[a-z0-9_]+):\s*(?P<title>.+)$")
_ENTRY = re.compile(
    r"^--\s*(?P<key>purpose|needs|kinds|about|params|scores|history|absolute|source|with|verdict|each):\s*(?P<value>.*)$"
)
_MORE = re.compile(r"^--\s{2,}(?P<value>\S.*)$")


@dataclass(frozen=True)
class BookTest:
    """One test: its header and its query.

    needs: columns of txn ("posted_on") or of another table ("vendor.bank_account"); "pair.rows" and the like
        where sources have to be declared as a pair.
    kinds: source kinds that it looks at; empty means all transactions.
    about: what its row_key names: a "row" of txn (of which only the window's are kept), a "source"
        (`source:<name>`), a "line" that could not be read (`line:<source>:<file>:<line>`), or a "cell"
        of a table (its row, and `field`).
    params: defaults, bound to the query's $names as values.
    scores: how what it saw maps to a score of 0 to 100.
    history: days before the window that it reads.
    absolute: "money" where a threshold is an amount, or the figures of amounts count, so that books in
        another unit are other books to it; "calendar" where the entity's calendar decides; "order" where it
        matters which row stands behind which in a file. Other tests measure by ratios and by days apart.
    parts: queries that it shares with other tests (tools/checks/<check>/parts/), which it reads as tables.
    verdict: the part that says of the books as a whole whether the test applies (rows: applies, says).
    each: where the names of txn columns stand ("required_field.field") for each of which the query holds:
        there it says `each_column`.
    """

    check: CheckName
    name: str
    title: str
    purpose: str
    source: str
    sql: str
    needs: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    about: About = "row"
    params: Mapping[str, Parameter] = field(default_factory=dict)
    scores: str = ""
    history: int = 0
    absolute: tuple[Absolute, ...] = ()
    parts: tuple[BookTest, ...] = ()
    verdict: BookTest | None = None
    each: str = ""

    @property
    def text(self) -> str:
        """The query that stands alone, its parts written before it: what a working paper quotes."""
        return with_parts(self.sql, self.parts)

    def of_columns(self, names: Sequence[str]) -> str:
        """Write the query for each of the columns: names are columns of txn, as they stand in the text."""
        return "\nUNION ALL\n".join(self.sql.replace(EACH, name) for name in names)


def with_parts(sql: str, parts: Sequence[BookTest]) -> str:
    """Write the parts before a query as its first common table expressions."""
    if not parts:
        return sql
    first = ",\n".join(f"{part.name} AS (\n{part.sql}\n)" for part in parts)
    return f"WITH {first},\n{sql[5:]}" if sql.startswith("WITH ") else f"WITH {first}\n{sql}"


def parse(check: CheckName, text: str, *, place: str) -> BookTest:
    """Read a test out of its file's text.

    Raises TestHeaderError naming the file and the missing entry.
    """
    lines = text.splitlines()
    title = _TITLE.match(lines[0]) if lines else None
    if title is None:
        raise TestHeaderError("the first line must be '-- name: what it finds'.", place=place)
    entries = _entries(lines[1:])
    for key in ("purpose", "source"):
        if not entries.get(key):
            raise TestHeaderError(f"the header lacks '-- {key}:'.", place=place)
    return BookTest(
        check=check,
        name=title["name"],
        title=title["title"].strip(),
        purpose=entries["purpose"],
        source=entries["source"],
        sql="\n".join(line for line in lines if not line.startswith("--")).strip(),
        needs=_words(entries.get("needs", "")),
        kinds=_words(entries.get("kinds", "")),
        about=_choice(entries.get("about", "row"), _ABOUT, place),
        params=_params(entries.get("params", "")),
        scores=entries.get("scores", ""),
        history=int(entries.get("history", "0")),
        absolute=tuple(_choice(word, _ABSOLUTE, place) for word in _words(entries.get("absolute", ""))),
        parts=tuple(_parts(check, _words(entries.get("with", "")))),
        verdict=part(check, entries["verdict"]) if entries.get("verdict") else None,
        each=entries.get("each", ""),
    )


@cache
def load(check: CheckName, name: str) -> BookTest:
    """Load tools/checks/<check>/<name>.sql. Raises TestHeaderError when it is missing or misnamed."""
    place = f"tools/{check}/{name}.sql"
    file = resources.files(f"tools.checks.{check}") / f"{name}.sql"
    if not file.is_file():
        raise TestHeaderError("no such file.", place=place)
    test = parse(check, file.read_text(encoding="utf-8"), place=place)
    if test.name != name:
        raise TestHeaderError(f"the header names it '{test.name}'.", place=place)
    return test


@cache
def part(check: CheckName, name: str) -> BookTest:
    """Load tools/checks/<check>/parts/<name>.sql: a query that tests share."""
    place = f"tools/{check}/parts/{name}.sql"
    file = resources.files(f"tools.checks.{check}") / "parts" / f"{name}.sql"
    if not file.is_file():
        raise TestHeaderError("no such part.", place=place)
    return parse(check, file.read_text(encoding="utf-8"), place=place)


def _parts(check: CheckName, names: Sequence[str]) -> list[BookTest]:
    """Give the parts with what they stand on themselves before them, each once."""
    tests: list[BookTest] = []
    for name in names:
        own = part(check, name)
        tests += [test for test in (*own.parts, own) if test not in tests]
    return tests


def _entries(lines: list[str]) -> dict[str, str]:
    entries: dict[str, str] = {}
    last = ""
    for line in lines:
        if entry := _ENTRY.match(line):
            last = entry["key"]
            entries[last] = entry["value"].strip()
        elif last and (more := _MORE.match(line)):
            entries[last] += " " + more["value"].strip()
        elif not line.startswith("--"):
            break
    return entries


def _choice(word: str, choices: tuple[_Choice, ...], place: str) -> _Choice:
    for choice in choices:
        if word == choice:
            return choice
    raise TestHeaderError(f"'{word}' is none of {', '.join(choices)}.", place=place)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _params(text: str) -> dict[str, Parameter]:
    pairs = (part.split("=", 1) for part in _words(text))
    return {name.strip(): bounded_yaml.load(value, _BOUNDS) for name, value in pairs}
