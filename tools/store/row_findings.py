"""Rows that are not as the trail recorded them, in plain words: which table, which row, what was recorded.

compare(session, state, tables, run_id=None) -> [(run_id, what)]
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, inspect, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tools.core import money
from tools.store.models import TrailEntry
from tools.store.row_digests import (
    UNREADABLE,
    Columns,
    RowDigest,
    columns_of,
    digests,
    digests_each,
    key_of,
    key_text,
    read,
)
from tools.store.verify_seals import Sealed, State, recorded, telling_of
from tools.store.verify_trail import SEALS

NAMED = 20  # rows of a table that are named one by one for each kind of finding
MONEY = {"amount_minor": "amount", "exposure_minor": "exposure"}
Finding = tuple[str, str]  # the run that the row is of, as far as it says; what is wrong


@dataclass(frozen=True)
class _Table:
    """A table that is compared: what was sealed of it, and how to find what an entry recorded."""

    table: Table
    columns: Columns
    sealed: Mapping[str, Sealed]
    entry: Callable[[int], Mapping[str, Any]]


def compare(
    session: Session, state: State, tables: Mapping[str, Table], run_id: str | None = None
) -> list[Finding]:
    """Find rows that are not as sealed: all, or those of one run as far as rows say whose they are.

    tables: as the models declare them, or as they lie in the database before a migration.
    """
    entry = _entries(session)
    present = _present(session)
    findings: list[Finding] = _gaps(state, entry, run_id)
    findings += [("", what) for what in state.misfits]
    for name in sorted({*tables, *state.rows}):
        sealed = state.rows.get(name, {})
        names = state.columns.get(name)
        lost = sorted({*(names or [])} - present.get(name, set()))
        if name not in tables or name not in present or lost:
            findings += _lost(name, lost if name in present else [], len(sealed))
            continue
        columns = _columns(tables[name], names) if names else columns_of(tables[name])
        if run_id is None or "run_id" in columns.sealed:
            findings += _of_readable(session, _Table(tables[name], columns, sealed, entry), run_id)
    return findings


def _present(session: Session) -> dict[str, set[str]]:
    """Name the columns of every table that is there."""
    tables = inspect(session.connection()).get_multi_columns()
    return {name: {column["name"] for column in columns} for (_, name), columns in tables.items()}


def _lost(table: str, columns: Sequence[str], rows: int) -> list[Finding]:
    what = f"column {', '.join(columns)} of table {table}" if columns else f"table {table}"
    return [("", f"{what} is gone; the trail recorded {rows:,} rows")] if rows else []


def _columns(table: Table, names: Sequence[str]) -> Columns:
    key = tuple(column.name for column in table.primary_key.columns)
    return Columns(key, tuple(names), tuple(telling_of(list(names))))


def _entries(session: Session) -> Callable[[int], Mapping[str, Any]]:
    """Give a reader of seals that remembers the last few: neighbours are mostly of one entry."""
    remembered: dict[int, Mapping[str, Any]] = {}

    def entry(seq: int) -> Mapping[str, Any]:
        if seq not in remembered:
            query = select(TrailEntry.details, TrailEntry.at).where(TrailEntry.run_id == SEALS)
            row = session.execute(query.where(TrailEntry.seq == seq)).one()
            remembered.clear()
            remembered[seq] = {"details": json.loads(row.details), "at": row.at, "seq": seq}
        return remembered[seq]

    return entry


def _of_readable(session: Session, table: _Table, run_id: str | None) -> list[Finding]:
    try:
        return _of_table(session, table, run_id)
    except (ValueError, TypeError, DBAPIError) as error:  # what is in the keys is no date or number
        return [("", f"table {table.table.name} cannot be read: {str(error).splitlines()[0]}")]


def _of_table(session: Session, table: _Table, run_id: str | None) -> list[Finding]:
    digest_of = dict(_digests(session, table, run_id))
    absent = {text for text, row in table.sealed.items() if run_id in (None, row.run_id)} - digest_of.keys()
    if run_id is not None:  # rows that say now that they are of another run
        others = digests(session, table.table, table.columns, [key_of(table.table, text) for text in absent])
        digest_of.update({key_text(key): digest for key, digest in others})
        absent -= digest_of.keys()
    unknown = [text for text in digest_of if text not in table.sealed]
    changed = [
        text
        for text, digest in digest_of.items()
        if text in table.sealed and table.sealed[text].digest != digest
    ]
    return [
        *_listed(session, table, changed, _changed),
        *_listed(session, table, absent, _missing),
        *_listed(session, table, unknown, _unknown),
    ]


def _digests(session: Session, table: _Table, run_id: str | None) -> Iterator[tuple[str, str]]:
    where = None if run_id is None else table.table.c.run_id == run_id
    try:
        rows = [
            (key_text(key), digest)
            for key, digest in digests(session, table.table, table.columns, where=where)
        ]
    except (ValueError, TypeError, DBAPIError):  # somebody wrote what is no date or number
        rows = [(key_text(key), digest) for key, digest in digests_each(session, table.table, table.columns)]
    yield from rows


def _listed(
    session: Session,
    table: _Table,
    texts: Collection[str],
    word: Callable[[_Table, str, RowDigest | None], Finding],
) -> list[Finding]:
    """Word the first findings of a kind one by one, and count the rest."""
    first = sorted(texts)[:NAMED]
    findings = [word(table, text, _row(session, table, text)) for text in first]
    if len(texts) > NAMED:
        findings.append(("", f"{table.table.name}: {len(texts) - NAMED:,} more rows like these"))
    return findings


def _row(session: Session, table: _Table, text: str) -> RowDigest | None:
    try:
        return next(
            (row for _, row in read(session, table.table, table.columns, [key_of(table.table, text)])), None
        )
    except (ValueError, TypeError, DBAPIError):
        return RowDigest(UNREADABLE, "", [])


def _changed(table: _Table, text: str, row: RowDigest | None) -> Finding:
    sealed = table.sealed[text]
    entry = table.entry(sealed.seq)
    before = recorded(entry, table.table.name, text)
    if before is None or row is None:
        return _missing(table, text, row)
    facts = _facts(table, before)
    if row.digest == UNREADABLE:
        return sealed.run_id, f"{_row_name(table, text, facts)} cannot be read: it was changed past the desk"
    now = _facts(table, row)
    differing = [
        name
        for name, mark, sealed_mark in zip(table.columns.sealed, _marks(row), _marks(before), strict=False)
        if mark != sealed_mark
    ]
    words = [
        f"{_column(name)} is {_value(now, name)}, the trail recorded {_value(facts, name)}"
        for name in differing
        if name in facts
    ]
    others = [name for name in differing if name not in facts]
    if others:
        words.append(f"{', '.join(others)} {'is' if len(others) == 1 else 'are'} not what the trail recorded")
    what = "; ".join(words) or "is not what the trail recorded"
    return sealed.run_id, f"{_row_name(table, text, facts)}: {what} ({_when(entry)})"


def _missing(table: _Table, text: str, row: RowDigest | None) -> Finding:
    del row
    sealed = table.sealed[text]
    entry = table.entry(sealed.seq)
    before = recorded(entry, table.table.name, text)
    facts = _facts(table, before) if before else {}
    return sealed.run_id, f"{_row_name(table, text, facts)} is gone; the trail recorded it ({_when(entry)})"


def _unknown(table: _Table, text: str, row: RowDigest | None) -> Finding:
    facts = _facts(table, row) if row else {}
    what = f"{_row_name(table, text, facts)} is in the table, but the trail never recorded it"
    return str(facts.get("run_id") or ""), what


def _gaps(state: State, entry: Callable[[int], Mapping[str, Any]], run_id: str | None) -> list[Finding]:
    """Word the rows that were changed past the desk and written by the desk afterwards."""
    findings = []
    for gap in state.gaps:
        after = recorded(entry(gap.seq), gap.table, gap.key)
        names = telling_of(state.columns.get(gap.table, []))
        facts = dict(zip(names, after.telling, strict=False)) if after else {}
        if run_id is None or facts.get("run_id") == run_id:
            named = f"{gap.table} {_key_words(gap.key)}{_parenthesis(facts)}"
            when = f"between entries {gap.before} and {gap.seq} of the seals"
            findings.append((str(facts.get("run_id") or ""), f"{named} was changed past the desk {when}"))
    return findings


def _facts(table: _Table, row: RowDigest) -> dict[str, Any]:
    return dict(zip(table.columns.telling, row.telling, strict=False))


def _marks(row: RowDigest) -> list[str]:
    return [row.marks[place : place + 4] for place in range(0, len(row.marks), 4)]


def _row_name(table: _Table, text: str, facts: Mapping[str, Any]) -> str:
    return f"{table.table.name} {_key_words(text)}{_parenthesis(facts)}"


def _key_words(text: str) -> str:
    return " / ".join(str(part) for part in json.loads(text))


def _parenthesis(facts: Mapping[str, Any]) -> str:
    words = [
        str(_value(facts, name))
        for name in facts
        if name not in ("run_id", "currency") and facts[name] not in (None, "")
    ]
    return f" ({', '.join([*dict.fromkeys(words)][:5])})" if words else ""


def _column(name: str) -> str:
    return MONEY.get(name, name)


def _value(facts: Mapping[str, Any], name: str) -> str:
    value = facts[name]
    if name in MONEY and isinstance(value, int) and isinstance(facts.get("currency"), str):
        return money.to_display(value, facts["currency"])
    return "empty" if value in (None, "") else str(value)


def _when(entry: Mapping[str, Any]) -> str:
    return f"entry {entry['seq']} of the seals, {entry['at']:%Y-%m-%d %H:%M} UTC"
