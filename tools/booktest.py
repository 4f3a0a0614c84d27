"""A test of the books: one `.sql` file with a header, read into a typed record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Literal

import yaml

from tools.errors import TestHeaderError

CheckName = Literal["quality", "reconciliation", "anomaly"]
Parameter = int | float | str | bool | None

_TITLE = re.compile(r"^--\s*(?P<name>[a-z0-9_]+):\s*(?P<title>.+)$")
_ENTRY = re.compile(r"^--\s*(?P<key>purpose|needs|kinds|params|scores|history|source):\s*(?P<value>.*)$")
_MORE = re.compile(r"^--\s{2,}(?P<value>\S.*)$")


@dataclass(frozen=True)
class BookTest:
    """One test: its header and its query.

    needs: columns of txn ("posted_on") or of another table ("vendor.bank_account").
    kinds: transaction kinds that it looks at; empty means all.
    params: defaults, bound to the query's $names as values.
    scores: how what it saw maps to a score of 0 to 100.
    history: days before the window that it reads.
    """

    check: CheckName
    name: str
    title: str
    purpose: str
    source: str
    sql: str
    needs: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    params: Mapping[str, Parameter] = field(default_factory=dict)
    scores: str = ""
    history: int = 0


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
        params=_params(entries.get("params", "")),
        scores=entries.get("scores", ""),
        history=int(entries.get("history", "0")),
    )


@cache
def load(check: CheckName, name: str) -> BookTest:
    """Load tools/<check>/<name>.sql. Raises TestHeaderError when it is missing or misnamed."""
    place = f"tools/{check}/{name}.sql"
    file = resources.files(f"tools.{check}") / f"{name}.sql"
    if not file.is_file():
        raise TestHeaderError("no such file.", place=place)
    test = parse(check, file.read_text(encoding="utf-8"), place=place)
    if test.name != name:
        raise TestHeaderError(f"the header names it '{test.name}'.", place=place)
    return test


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


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _params(text: str) -> dict[str, Parameter]:
    pairs = (part.split("=", 1) for part in _words(text))
    return {name.strip(): yaml.safe_load(value) for name, value in pairs}
