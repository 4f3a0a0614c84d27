"""A person's own SELECT on the newest audited books: parsed, bounded, on a connection that cannot write.

Two walls, each enough by itself: the text's tree (tools.books.read_only_sql), and an engine that holds a copy
of the tables that it names, reaches no file and no setting. Its process ends when its time is over.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from tools.books import manifest, read_only_sql, tables
from tools.books.engine import Books, quoted
from tools.core.child_process import plain_environment
from tools.core.digest import digest
from tools.core.errors import UsageError
from tools.core.settings import Settings
from tools.front_desk import snapshot
from tools.runs import workspace
from tools.store import Store, trail

MOST_ROWS: Final = 10_000
_MODULE: Final = "tools.front_desk.sql_process"
SECONDS: Final = 5.0
MOST_NOTED: Final = 2_000  # characters of a refused statement on the trail: it may be of any length
TABLES: Final = (*tables.CANONICAL, "flag", "break", "matching")


@dataclass(frozen=True)
class SqlJob:
    """A checked statement, the run's folder, and how much it may take."""

    statement: str
    folder: str
    run_id: str
    flags: Sequence[Mapping[str, Any]]
    most: int
    seconds: float


@dataclass(frozen=True)
class SqlResult:
    """What a SELECT gave. cut: there were more rows than are given. statement: what ran."""

    columns: Sequence[str]
    rows: Sequence[Mapping[str, Any]]
    cut: bool
    statement: str
    run_id: str
    snapshot_sha256: str
    seconds: float


def run(store: Store, settings: Settings, text: str, *, by: str, most: int = MOST_ROWS) -> SqlResult:
    """Run a person's SELECT; it is on the trail, whether it ran, was refused or was ended.

    Raises UsageError for what is no plain SELECT, takes too long, or gives too much.
    """
    try:
        return _ran(store, settings, text, by=by, most=most)
    except UsageError as error:
        _note_refusal(store, text, by, str(error))
        raise


def _note_refusal(store: Store, text: str, by: str, why: str) -> None:
    details = {"statement": text[:MOST_NOTED], "why": why[:MOST_NOTED]}
    trail.append(store, trail.DESK, by, "sql refused", inputs=digest(text), details=details)


def _ran(store: Store, settings: Settings, text: str, *, by: str, most: int) -> SqlResult:
    statement = read_only_sql.checked(text, TABLES)
    audited, folder = snapshot.newest_folder(store, settings)
    contents = manifest.read(folder / workspace.SNAPSHOT)
    run_id, sha256, flag_rows = audited.run_id, contents.sha256, snapshot.flag_rows(store, contents)
    came = _apart(SqlJob(statement, str(folder.resolve()), run_id, flag_rows, min(most, MOST_ROWS), SECONDS))
    columns, rows, seconds = came["columns"], came["rows"], came["seconds"]
    details = {"statement": statement, "run_id": run_id, "rows": len(rows)}
    trail.append(store, trail.DESK, by, "sql run", inputs=digest(statement), details=details)
    shown = rows[:most]
    return SqlResult(columns, shown, len(rows) > len(shown), statement, run_id, sha256, seconds)


def lock(books: Books, names: Collection[str]) -> None:
    """Leave the engine copies of the tables that are read, and no way to anything else."""
    views = [name for name in sorted(names) if name in books.manifest.tables]
    for name in views:
        copied = books.connection.table(name).to_arrow_table()
        books.execute(f"DROP VIEW {quoted(name)}")
        books.connection.from_arrow(copied).to_table(name)
    for statement in (
        "SET python_enable_replacements = false",
        "SET enable_external_access = false",
        "SET lock_configuration = true",
    ):
        books.connection.execute(statement)


def _apart(job: SqlJob) -> dict[str, Any]:
    """Run a statement in a process of its own: some calls of the engine hear no interruption."""
    process = subprocess.run(  # noqa: S603 - our own module, by this interpreter
        [sys.executable, "-m", _MODULE],
        input=json.dumps(asdict(job)),
        capture_output=True,
        text=True,
        env=plain_environment(),
        check=False,
    )
    if process.returncode == -signal.SIGALRM:
        raise _stopped(f"it takes longer than {job.seconds:g} s")
    if process.returncode < 0:
        raise _stopped("it takes more memory than it may")
    if process.returncode:
        last = (process.stderr.strip().splitlines() or ["no word"])[-1]
        raise _stopped(f"its process ended: {last[:300]}")
    came: dict[str, Any] = json.loads(process.stdout)
    if came.get("why"):
        raise _stopped(came["why"])
    return came


def _stopped(why: str) -> UsageError:
    return UsageError(
        f"this statement gave nothing: {why}.", place="sql", remedy="Narrow it, or ask for a figure."
    )
