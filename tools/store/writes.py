"""Writes that may be repeated: a row that is there already stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tools.store.columns import Base

BATCH = 500
T = TypeVar("T")


def insert_new(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, leaving out those that are there already, by their key or any other unique columns."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    # Without a target: of two that insert the same at once, PostgreSQL forgives one target only.
    statement = insert(model.__table__).on_conflict_do_nothing()  # type: ignore[arg-type]  # every table is one
    for some in in_batches(rows):
        session.execute(statement, [dict(row) for row in some])


def in_batches(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Give the values in runs that a statement's parameters can take."""
    for start in range(0, len(values), BATCH):
        yield values[start : start + BATCH]
