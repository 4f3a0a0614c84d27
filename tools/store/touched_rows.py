"""What a transaction writes: each row that it touches, with the row's digest from before.

watch(sessions)              note what every session of a factory writes
changes(session) -> {table: {key: Change}}      what the transaction did, as it is to be committed
heads(session) -> {run_id: [seq, hash]}         the trails that it went on with

Whatever a session writes is seen: objects that it flushes, and INSERT, UPDATE and DELETE that it executes.
The digest from before is of the row as it lay in the table, locked: a row that was changed past the desk
shows when it is next written, as the trail recorded another.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Result, Table, event, select, tuple_
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, object_mapper, sessionmaker

from tools.store.models import TrailEntry
from tools.store.row_digests import Key, RowDigest, columns_of, digests, key_text, read, sealed_tables
from tools.store.verify_trail import SEALS

TOUCHED, HEADS = "touched rows", "trail heads"
UPSERT = "OnConflictDoUpdate"  # of either dialect: importing both is slow
Touched = dict[str, dict[Key, str | None]]


@dataclass(frozen=True)
class RowChange:
    """A row before and after a transaction: before "" it was not there; after None it is gone."""

    before: str | None
    after: RowDigest | None


def watch(sessions: sessionmaker[Session]) -> None:
    """Note what every session of this factory writes."""
    event.listen(sessions, "before_flush", _before_flush)
    event.listen(sessions, "after_flush", _after_flush)
    event.listen(sessions, "do_orm_execute", _on_statement)


def heads(session: Session) -> dict[str, list[Any]]:
    """Give the trails that the transaction went on with, and how far: {run_id: [seq, hash]}."""
    by_run: dict[str, list[Any]] = session.info.get(HEADS, {})
    return by_run


def changes(session: Session) -> dict[str, dict[str, RowChange]]:
    """Give what the transaction did to each row; rows that are as they were are left out."""
    tables = sealed_tables()
    changes_of: dict[str, dict[str, RowChange]] = {}
    for name, before in _touched(session).items():
        columns = columns_of(tables[name])
        after = dict(read(session, tables[name], columns, before))
        rows = {key: RowChange(digest, after.get(key)) for key, digest in before.items()}
        changed = {key_text(key): row for key, row in rows.items() if row.before != _digest(row.after)}
        if changed:
            changes_of[name] = changed
    return changes_of


def _digest(row: RowDigest | None) -> str | None:
    return row.digest if row else None


def _touched(session: Session) -> Touched:
    touched: Touched = session.info.setdefault(TOUCHED, {})
    return touched


def _before_flush(session: Session, context: UOWTransaction, instances: object) -> None:
    """Read, and lock, what the flush is about to change or delete."""
    del context, instances
    changed = [instance for instance in session.dirty if session.is_modified(instance)]
    for table, keys in _keys_of([*changed, *session.deleted]).items():
        _note_before(session, table, keys)


def _after_flush(session: Session, context: UOWTransaction) -> None:
    """Note what was added: only now do rows have the keys that the database numbers."""
    del context
    for table, keys in _keys_of(session.new).items():
        _note_new(session, table, keys)
    for entry in session.new:
        if isinstance(entry, TrailEntry) and entry.run_id != SEALS:
            session.info.setdefault(HEADS, {})[entry.run_id] = [entry.seq, entry.hash]


def _keys_of(objects: Iterable[object]) -> dict[Table, list[Key]]:
    keys: dict[Table, list[Key]] = {}
    tables = sealed_tables()
    for instance in objects:
        mapper = object_mapper(instance)
        for table in mapper.tables:
            if table.name in tables and isinstance(table, Table):
                names = [mapper.get_property_by_column(column).key for column in table.primary_key.columns]
                keys.setdefault(table, []).append(tuple(getattr(instance, name) for name in names))
    return keys


def _on_statement(state: ORMExecuteState) -> Result[Any] | None:
    """Note the rows that an INSERT, UPDATE or DELETE touches; nothing else is looked at."""
    if not (state.is_insert or state.is_update or state.is_delete):
        return None
    statement: Any = state.statement
    if not isinstance(statement.table, Table):
        raise TypeError(f"{statement.table}: change one table, or objects, so that they are sealed")
    table = sealed_tables().get(statement.table.name)
    if table is None:
        return None
    if state.is_insert:
        return _insert(state, table)
    state.session.flush()
    columns = columns_of(table)
    if isinstance(state.parameters, list):
        raise TypeError(f"{table.name}: change rows by a condition, or as objects, so that they are sealed")
    key = [table.c[name] for name in columns.key]
    query = select(*key).order_by(*key).with_for_update()
    if statement.whereclause is not None:
        query = query.where(statement.whereclause)
    keys = [tuple(row) for row in state.session.execute(query)]
    _note_before(state.session, table, keys)
    if state.session.get_bind().dialect.name == "sqlite":  # who writes is alone there
        return None
    return state.invoke_statement(statement=statement.where(tuple_(*key).in_(keys)))


def _insert(state: ORMExecuteState, table: Table) -> Result[Any]:
    """Execute an INSERT so that it says which rows are new: what was there already is no row of ours."""
    statement: Any = state.statement
    if type(statement._post_values_clause).__name__ == UPSERT:  # noqa: SLF001 - nothing public tells
        raise TypeError(f"{table.name}: read the row and change it, so that it is sealed")
    if len(statement.exported_columns):
        raise TypeError(f"{table.name}: an INSERT with RETURNING is not sealed; add an object")
    result = state.invoke_statement(statement=statement.returning(*table.primary_key.columns))
    rows = result.freeze()
    _note_new(state.session, table, [tuple(row) for row in rows()])
    return rows()


def _note_before(session: Session, table: Table, keys: Iterable[Key]) -> None:
    noted = _touched(session).setdefault(table.name, {})
    fresh = [key for key in keys if key not in noted]
    noted.update(digests(session, table, columns_of(table), fresh, lock=True))


def _note_new(session: Session, table: Table, keys: Iterable[Key]) -> None:
    noted = _touched(session).setdefault(table.name, {})
    for key in keys:
        noted.setdefault(key, None)
