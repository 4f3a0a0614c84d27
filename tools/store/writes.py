"""Writes in the store's own dialect: inserts that may be repeated, and how many rows a change met."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar, cast

from sqlalchemy import CursorResult, Delete, Update
from sqlalchemy.orm import Session

from tools.store.columns import Base

BATCH = 500
T = TypeVar("T")


def insert_new(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, leaving out those that are there already, by their key or any other unique columns."""
    # Without a target: of two that insert the same at once, PostgreSQL forgives one target only.
    statement = upsert(session, model).on_conflict_do_nothing()
    for batch in in_batches(rows):
        session.execute(statement, [dict(row) for row in batch])


def changed_rows(session: Session, statement: Update | Delete) -> int:
    """Execute an UPDATE or DELETE; give how many rows it changed."""
    return cast("CursorResult[Any]", session.execute(statement)).rowcount


def upsert(session: Session, model: type[Base]) -> Any:  # noqa: ANN401 - an Insert of either dialect
    """Give an INSERT into a table that may say what happens on a conflict, in the store's own dialect."""
    if session.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert  # noqa: PLC0415 - its drivers are slow to load

        return insert(model)
    from sqlalchemy.dialects.sqlite import insert as sqlite_insert  # noqa: PLC0415 - as above

    return sqlite_insert(model)


def in_batches(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Give the values in runs that a statement's parameters can take."""
    for start in range(0, len(values), BATCH):
        yield values[start : start + BATCH]
