"""Whatever is done to the tables past the desk, verifying finds it: table by table, column by column."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Column, Date, Table, UniqueConstraint, and_, delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from tests.postgres import Cluster
from tests.store.conftest import KEY
from tests.store.filled_desk import fill_desk
from tools.store import Store, connect, trail, upgrade
from tools.store.row_digests import columns_of, sealed_tables

Edit = Callable[[Session, Table], object]
PARTS = 8  # into which all edits of all tables fall


class Undone(Exception):  # noqa: N818 - it is no error
    """Ends a transaction whose edits nobody is to see."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Give a desk at work, whose triggers its owner took away."""
    folder = tmp_path_factory.mktemp("tampered")
    url = f"sqlite:///{folder / 'tieout.db'}"
    if request.param == "postgresql":
        cluster: Cluster = request.getfixturevalue("postgres")
        url = cluster.url(cluster.create())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIEOUT_TRAIL_KEY", KEY)
        patch.setenv("TIEOUT_TRAIL_ANCHOR", f"{folder}/")
        store = connect(url)
        upgrade(store)
        fill_desk(store)
        assert problems(store) == []
        yield store
        store.close()


def problems(store: Store, run_id: str | None = None) -> list[str]:
    """Give what verifying finds, as text."""
    return [str(problem) for problem in trail.verify(store, run_id)]


def _undo() -> None:
    raise Undone


@contextmanager
def tampered(store: Store) -> Iterator[Session]:
    """Open a transaction that a forger writes in, with every constraint and trigger out of the way."""
    try:
        with store.begin() as session:
            if store.dialect == "postgresql":
                session.execute(text("SET LOCAL session_replication_role = replica"))
            else:
                session.execute(text("PRAGMA defer_foreign_keys = ON"))
                triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
                for (name,) in session.execute(text(triggers)).all():
                    session.execute(text(f'DROP TRIGGER "{name}"'))
            yield session
            _undo()
    except Undone:
        pass


def problems_after(store: Store, edit: Edit, table: Table) -> list[str]:
    """Give what verifying finds after an edit, which is then undone."""
    with tampered(store) as session:
        edit(session, table)
        return problems(store)
    raise AssertionError


def other_value(column: Column[Any], value: object) -> object:
    """Give another value that the column can have."""
    if isinstance(column.type, Date):
        return date(2019, 1, 1)
    if isinstance(value, datetime) or "DateTime" in type(column.type).__name__:
        return datetime(2019, 1, 1, tzinfo=UTC)
    if isinstance(value, Mapping):
        return {**value, "forged": 1}
    if isinstance(value, list):
        return [*value, "forged"]
    if isinstance(value, int | float):
        return not value if isinstance(value, bool) else value + 1000
    return f"{value or ''}x"


def first_row(session: Session, table: Table) -> tuple[dict[str, Any], Any]:
    """Give a row, and the condition that finds it."""
    key = list(table.primary_key.columns)
    query = select(table).order_by(*key).limit(1)
    row = dict(session.connection().execute(query).mappings().one())
    return row, and_(*(column == row[column.name] for column in key))


def change(column: str) -> Edit:
    """Change one column of one row."""

    def edit(session: Session, table: Table) -> None:
        row, condition = first_row(session, table)
        value = other_value(table.c[column], row[column])
        assert (
            session.connection().execute(update(table).where(condition).values({column: value})).rowcount == 1
        )

    return edit


def remove(session: Session, table: Table) -> None:
    """Delete one row."""
    assert session.connection().execute(delete(table).where(first_row(session, table)[1])).rowcount == 1


def empty(session: Session, table: Table) -> None:
    """Delete all rows."""
    assert session.connection().execute(delete(table)).rowcount > 0


def add(session: Session, table: Table) -> None:
    """Add a copy of a row under another key."""
    row, _ = first_row(session, table)
    unique = {column.name for column in table.columns if column.unique or column.primary_key}
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            unique |= {column.name for column in constraint.columns if not column.foreign_keys}
    row.update({name: other_value(table.c[name], row[name]) for name in unique})
    session.connection().execute(insert(table).values(row))


def swap(session: Session, table: Table) -> None:
    """Let two rows that differ change places: each takes the key of the other."""
    key = {column.name for column in table.primary_key.columns}
    run = session.connection().execute
    rows = [dict(row) for row in run(select(table).order_by(*table.primary_key.columns)).mappings()]

    def parts(row: dict[str, Any], *, keys: bool) -> dict[str, Any]:
        return {name: value for name, value in row.items() if (name in key) is keys}

    first = rows[0]
    second = next(row for row in rows if parts(row, keys=False) != parts(first, keys=False))
    for row in (first, second):
        run(delete(table).where(*(table.c[name] == row[name] for name in key)))
    for row_keys, row_values in ((first, second), (second, first)):
        run(insert(table).values({**parts(row_keys, keys=True), **parts(row_values, keys=False)}))


ROW_EDITS: tuple[Edit, ...] = (remove, empty, add, swap)


def edits() -> list[tuple[str, str, Edit]]:
    """Give every edit of a table: each sealed column, a row deleted, added, swapped, and all rows deleted."""
    listed: list[tuple[str, str, Edit]] = []
    for name, table in sorted(sealed_tables().items()):
        listed += [(name, column, change(column)) for column in columns_of(table).sealed]
        listed += [(name, act.__name__, act) for act in ROW_EDITS]
    return listed


def edits_at_once() -> list[dict[str, Edit]]:
    """Give the same edits in groups of one a table: what is done to rows, then each column in its turn."""
    tables = sealed_tables()
    columns = {name: columns_of(table).sealed for name, table in tables.items()}
    turns = [
        {name: change(sealed[turn]) for name, sealed in columns.items() if turn < len(sealed)}
        for turn in range(max(map(len, columns.values())))
    ]
    return [*(dict.fromkeys(tables, act) for act in ROW_EDITS), *turns]


def test_an_edit_of_every_table_is_found_in_each(desk: Store, request: pytest.FixtureRequest) -> None:
    """Every table is edited at once, in one way after another: verifying names a row of each."""
    groups, missed = edits_at_once(), []
    if desk.dialect == "postgresql" and not request.config.getoption("--exhaustive"):
        groups = groups[len(ROW_EDITS) - 1 :][:2]  # rows swapped, a column changed: read as SQLite's are
    for number, group in enumerate(groups):
        with tampered(desk) as session:
            for table, edit in group.items():
                edit(session, sealed_tables()[table])
            lines = [problem.what for problem in trail.verify(desk)]
        missed += [
            (number, table) for table in group if not any(line.startswith(f"{table} ") for line in lines)
        ]
    assert missed == []
    assert problems(desk) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("part", range(PARTS))
def test_every_edit_of_every_table_is_found(
    desk: Store, part: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each column changed; a row deleted, added, swapped with another; the table emptied: none is missed.

    Each part has edits of every table, as one in so many of all is taken.
    """
    sample = edits()[part::PARTS]
    missed = []
    for table, act, edit in sample:
        if not any(table in line for line in problems_after(desk, edit, sealed_tables()[table])):
            missed.append((table, act))
    with capsys.disabled():
        print(f"\n{desk.dialect}: found {len(sample) - len(missed)} of {len(sample)} edits of tables")  # noqa: T201 - what the report says
    assert (missed, {table for table, _, _ in sample}) == ([], set(sealed_tables()))
    assert problems(desk) == []


def test_every_table_has_rows_to_edit(desk: Store) -> None:
    """No edit above is of nothing: every sealed table has two rows at least."""
    with desk.read() as session:
        counts = {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in sealed_tables().items()
        }
    assert {name: count for name, count in counts.items() if count < 2} == {}
