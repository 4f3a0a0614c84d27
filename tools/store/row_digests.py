"""Digests of the store's rows, which the seals put on the trail; and which columns they leave out.

columns_of(table) -> Columns                     the key, what is sealed, what tells one row from another
digests(session, table, columns, keys=None)      (key, digest) of every row, or of those with these keys
read(session, table, columns, keys)              (key, RowDigest) of these rows: also what tells them apart
key_text(key) -> str                             a row's key as the trail writes it
key_of(table, text) -> tuple                     the same read back

A digest is SHA-256 over the canonical JSON of the row: sorted columns, times in UTC with microseconds,
a column of JSON as the text that lies in the table.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Row,
    Select,
    Table,
    Text,
    bindparam,
    cast,
    select,
    tuple_,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tools.store.columns import UtcDateTime
from tools.store.models import metadata
from tools.store.verify_trail import canonical
from tools.store.writes import in_batches

UNSEALED_TABLES = {
    "trail": "has its own chain, and the seals name its head",
    "trail_head": "is signed, and the seals name it",
    "node_count": "counts every step of every graph for whoever watches the desk: nothing is decided by it",
    "run_figure": "the same of a run, added up from what is sealed",
    "case_chance": "an order to read the queue in, learned anew each day: nothing is decided by it",
    "worker": "who works, and that it lives: written every few seconds, and nothing is decided by it",
}
UNSEALED_COLUMNS = {
    ("run", "attempts"): "waits for a source that is away: they change while nothing is audited",
    ("run", "next_try_at"): "when such a wait is over",
    ("outbox", "batch"): "who sends a notice, when and how often: a lease, renewed at every try",
    ("outbox", "owner"): "as batch",
    ("outbox", "attempts"): "as batch",
    ("outbox", "failures"): "as batch",
    ("outbox", "error"): "as batch",
    ("outbox", "next_try_at"): "as batch",
    ("task", "heartbeat_at"): "written every few seconds while a worker is at it",
    ("task", "lease_expires_at"): "as heartbeat_at",
    (
        "step",
        "progress",
    ): "how far a running task is: written every few seconds, decides nothing",
}
# What people tell rows apart by: recorded in clear, so that a finding can say what was there.
TELLING = (
    "run_id posted_on posted_to to_day vendor vendor_key title amount_minor exposure_minor currency severity "
    "status state kind subject verdict by role outcome author what review reviewed_by recipient"
).split()
LONGEST = 60
UNREADABLE = "unreadable"
_KEYS = "sealed_keys"
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Columns:
    """A table's sealed columns: names in order, those of the key, and those that tell rows apart."""

    key: tuple[str, ...]
    sealed: tuple[str, ...]
    telling: tuple[str, ...]


@dataclass(frozen=True)
class RowDigest:
    """A row as it is sealed: its digest, two bytes of each column's own, and its telling values."""

    digest: str
    marks: str
    telling: list[Any]


def sealed_tables() -> Mapping[str, Table]:
    """Give every table whose rows are sealed, by name."""
    return {name: table for name, table in metadata().tables.items() if name not in UNSEALED_TABLES}


@cache
def columns_of(table: Table) -> Columns:
    """Give a table's sealed columns: all but those that are listed with the reason why not."""
    names = sorted(column.name for column in table.columns)
    sealed = tuple(name for name in names if (table.name, name) not in UNSEALED_COLUMNS)
    return Columns(
        tuple(column.name for column in table.primary_key.columns),
        sealed,
        tuple(name for name in TELLING if name in sealed),
    )


def key_text(key: Sequence[Any]) -> str:
    """Write a row's key as the trail names it."""
    return f"[{','.join([_quoted(part) if part.__class__ is str else _key_part(part) for part in key])}]"


def _key_part(part: object) -> str:
    return repr(part) if part.__class__ is int else canonical(_plain(part))


def key_of(table: Table, text: str) -> Key:
    """Read a row's key as the trail names it."""
    columns = table.primary_key.columns
    return tuple(_as_typed(column, part) for column, part in zip(columns, json.loads(text), strict=True))


def _as_typed(column: Column[Any], part: Any) -> object:  # noqa: ANN401 - any column's value
    if isinstance(column.type, UtcDateTime | DateTime):
        return datetime.fromisoformat(part)
    return date.fromisoformat(part) if isinstance(column.type, Date) else part


def digests(
    session: Session,
    table: Table,
    columns: Columns,
    keys: Iterable[Key] | None = None,
    *,
    where: ColumnElement[bool] | None = None,
    lock: bool = False,
) -> Iterator[tuple[Key, str]]:
    """Give the digest of every row, or of those with these keys, which `lock` keeps until the commit."""
    names, width = _prefixes(columns.sealed), len(columns.key)
    for row in _rows(session, table, columns, keys, where, lock=lock):
        yield tuple(row[:width]), _digest(_parts(names, row[width:]))


def read(
    session: Session, table: Table, columns: Columns, keys: Iterable[Key]
) -> Iterator[tuple[Key, RowDigest]]:
    """Give these rows as they are sealed: digest, marks of the columns, telling values."""
    names, width = _prefixes(columns.sealed), len(columns.key)
    telling = [width + columns.sealed.index(name) for name in columns.telling]
    for row in _rows(session, table, columns, keys):
        parts = _parts(names, row[width:])
        marks = "".join(map(_mark, parts))
        yield (
            tuple(row[:width]),
            RowDigest(_digest(parts), marks, [_telling(row[place]) for place in telling]),
        )


def digests_each(session: Session, table: Table, columns: Columns) -> Iterator[tuple[Key, str]]:
    """Give the digests row by row, so that a row that cannot be read is one finding and hides no other."""
    key_columns: list[Column[Any]] = [table.c[name] for name in columns.key]
    for key in session.execute(select(*key_columns)).all():
        try:
            yield from digests(session, table, columns, [tuple(key)])
        except (ValueError, TypeError, DBAPIError):
            yield tuple(key), UNREADABLE


def _rows(
    session: Session,
    table: Table,
    columns: Columns,
    keys: Iterable[Key] | None,
    where: ColumnElement[bool] | None = None,
    *,
    lock: bool = False,
) -> Iterator[Row[Any]]:
    if keys is None:
        query = _query(table, columns)
        query = query if where is None else query.where(where)
        yield from session.execute(query.execution_options(yield_per=1000))
        return
    query = _query_of_keys(table, columns, lock=lock)
    for batch in in_batches(list(keys)):
        values = [part for (part,) in batch] if len(columns.key) == 1 else batch
        yield from session.execute(query, {_KEYS: values}).all()


@cache  # every write asks them: a statement that is made once is compiled once
def _query(table: Table, columns: Columns) -> Select[Any]:
    sealed = (_as_it_lies(table.c[name]) for name in columns.sealed)
    return select(*(table.c[name] for name in columns.key), *sealed)


@cache
def _query_of_keys(table: Table, columns: Columns, *, lock: bool) -> Select[Any]:
    key: list[Column[Any]] = [table.c[name] for name in columns.key]
    of_row = key[0] if len(key) == 1 else tuple_(*key)
    query = _query(table, columns).where(of_row.in_(bindparam(_KEYS, expanding=True)))
    return query.order_by(*key).with_for_update() if lock else query


def _as_it_lies(column: Column[Any]) -> ColumnElement[Any]:
    named: ColumnElement[Any] = column.label(f"sealed_{column.name}")
    return cast(column, Text).label(f"sealed_{column.name}") if isinstance(column.type, JSON) else named


def _prefixes(names: Sequence[str]) -> list[str]:
    return [f"{_quoted(name)}:" for name in names]


def _parts(prefixes: Sequence[str], values: Iterable[Any]) -> list[str]:
    return [
        prefix + _WRITERS.get(value.__class__, _canonical_text)(value)
        for prefix, value in zip(prefixes, values, strict=True)
    ]


@lru_cache(maxsize=16_384)  # most columns have the same few values in many rows
def _mark(part: str) -> str:
    return f"{zlib.crc32(part.encode()) & 0xFFFF:04x}"


def _digest(parts: Sequence[str]) -> str:
    return hashlib.sha256(f"{{{','.join(parts)}}}".encode()).hexdigest()


_quoted = json.encoder.encode_basestring_ascii


def _canonical_text(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, int | float):
        return repr(value)  # also where PostgreSQL has NaN
    plain = _plain(value)
    return _quoted(plain) if isinstance(plain, str) else canonical(plain)


def _plain(value: object) -> object:
    if isinstance(
        value, datetime
    ):  # SQLite forgets the zone, tables that are read as they lie do not know it
        aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return aware.isoformat(timespec="microseconds")
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, date) else value


def _telling(value: object) -> object:
    plain = _plain(value)
    return plain[:LONGEST] if isinstance(plain, str) else plain


@lru_cache(maxsize=4096)  # what is written at once has the same few times
def _time(value: datetime) -> str:
    return f'"{_plain(value)}"'


@lru_cache(maxsize=4096)
def _day(value: date) -> str:
    return f'"{value.isoformat()}"'


# What most values are, each without asking what it is first: a store writes millions of them.
_WRITERS: Mapping[type, Callable[[Any], str]] = {
    str: _quoted,
    int: repr,
    float: repr,
    type(None): lambda value: "null",  # noqa: ARG005 - there is one None
    datetime: _time,
    date: _day,
}
