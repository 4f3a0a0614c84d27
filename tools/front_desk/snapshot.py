"""The newest audited books, opened read only for figures: kept open, as most questions come in a row."""

from __future__ import annotations

import atexit
import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from tools.books import check_tables, tables
from tools.books.engine import Books, parsed
from tools.books.manifest import Manifest
from tools.core.errors import RunError
from tools.core.settings import Settings
from tools.core.sql_files import sql
from tools.runs import run_files, workspace
from tools.store import Store, flags, runs
from tools.store.models import AuditRun, Flag

_HERE: Final = "tools.front_desk"
_MOST_RUNS: Final = 50
_FLAG: Final = {
    "flag_id": "VARCHAR", "row_key": "VARCHAR", "day": "DATE", "vendor_key": "VARCHAR", "vendor": "VARCHAR",
    "person": "VARCHAR", "source": "VARCHAR", "currency": "VARCHAR", "severity": "VARCHAR",
    "status": "VARCHAR", "review": "VARCHAR", "test": "VARCHAR", "exposure": "BIGINT", "hours": "DOUBLE",
}  # fmt: skip
Derived = TypeVar("Derived")
_lock = threading.Lock()
_open: dict[tuple[str, str], Snapshot] = {}


@dataclass
class Snapshot:
    """One run's books. Its connection is used by one question at a time."""

    run: AuditRun  # as it was when they were opened
    books: Books
    entity: Mapping[str, Any]
    lock: threading.Lock = field(default_factory=threading.Lock)
    _derived: dict[str, Any] = field(default_factory=dict)

    @property
    def manifest(self) -> Manifest:
        """Give what the snapshot holds."""
        return self.books.manifest

    @property
    def as_of(self) -> date:
        """Give the day as of which the books were audited."""
        return date.fromisoformat(self.manifest.as_of[:10])

    @property
    def fiscal_month(self) -> int:
        """Give the month in which the fiscal year ends."""
        return int(str(self.entity.get("fiscal_year_end", "12-31")).partition("-")[0])

    def rows(self, statement: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Run one of our statements with bound parameters."""
        with self.lock:
            return self.books.rows(statement, parameters)

    def once(self, name: str, derive: Callable[[], Derived]) -> Derived:
        """Give what is derived from the books under a name, derived once while they are open."""
        if name not in self._derived:
            self._derived[name] = derive()
        return cast("Derived", self._derived[name])

    def refresh_flags(self, store: Store) -> None:
        """Read the flags of this entity out of the store: they change while the books do not."""
        self.put_flags(flag_rows(store, self.manifest))

    def put_flags(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Put flags into the books' table of them."""
        # As JSON: Arrow's way from rows to a table loads pandas, which takes longer than a question.
        parameters = {"flags": json.dumps(list(rows)), "shape": json.dumps([_FLAG])}
        with self.lock:
            self.books.execute(sql(_HERE, "empty_flags"), {})
            self.books.execute(sql(_HERE, "load_flags"), parameters)


def newest(store: Store, settings: Settings, run_id: str = "") -> Snapshot:
    """Open the newest audited books, or those of a run, once for all who ask.

    Raises RunError where nothing was audited, or the run's files are not as they were written.
    """
    run = runs.audit(store, run_id) if run_id else _newest_run(store)
    key = (str(settings.workspace_url), run.run_id)
    with _lock:
        if key not in _open:
            close_all()
            _open[key] = at_folder(run, run_files.intact_folder(settings, run.run_id), settings)
        return _open[key]


def close_all() -> None:
    """Close the books that are open."""
    for snapshot in _open.values():
        snapshot.books.close()
    _open.clear()


atexit.register(close_all)  # DuckDB complains of connections that outlive the interpreter


def _newest_run(store: Store) -> AuditRun:
    for run in runs.list_audits(store, limit=_MOST_RUNS):
        if run.snapshot_uri and run.status != "abandoned":
            return run
    raise RunError("no books were audited yet.", remedy="Start with: tieout audit SOURCES")


def newest_folder(store: Store, settings: Settings) -> tuple[AuditRun, Path]:
    """Give the newest audited run and its folder, for another process. Raises RunError as `newest`."""
    run = _newest_run(store)
    return run, run_files.intact_folder(settings, run.run_id)


def at_folder(run: AuditRun, folder: Path, settings: Settings) -> Snapshot:
    """Open the books that lie in a folder, its run as it is; they are the caller's to close."""
    books = Books.open(folder / workspace.SNAPSHOT, settings)
    for statement in sql(_HERE, "setup").split(";\n"):
        books.connection.execute(parsed(books.connection, statement))
    books.create("flag", _FLAG)
    _attach_reconciliation(books, folder)
    entity = json.loads((folder / workspace.SNAPSHOT / "sources.json").read_bytes())["entity"]
    return Snapshot(run, books, entity)


def _attach_reconciliation(books: Books, folder: Path) -> None:
    """Give the run's matches and breaks as tables; without a reconciliation they are empty."""
    books.create("break", check_tables.BREAK)
    books.create("matching", {"row_key": "VARCHAR", "pair": "VARCHAR", "matched": "BIGINT"})
    newest_result = workspace.newest(folder, "reconciliation")
    if newest_result is None:
        return
    paths = {name: newest_result / f"{name}.parquet" for name in ("match", "break")}
    if all(path.is_file() for path in paths.values()):
        parameters = {f"{name}_file": str(path) for name, path in paths.items()}
        books.execute(sql(_HERE, "load_breaks"), parameters)
        books.execute(sql(_HERE, "load_matching"), parameters)


def flag_rows(store: Store, manifest: Manifest) -> list[dict[str, Any]]:
    """Give the flags of the books' entity as rows of JSON."""
    chosen = flags.find(store, entity=manifest.entity, limit=1_000_000)
    return [_flag_row(flag, manifest.currency) for flag in chosen]


def _flag_row(flag: Flag, currency: str) -> dict[str, Any]:
    hours = (flag.reviewed_at - flag.created_at).total_seconds() / 3600 if flag.reviewed_at else None
    return {
        "flag_id": flag.flag_id, "row_key": flag.row_key,
        "day": flag.posted_on.isoformat() if flag.posted_on else None,
        "vendor_key": vendor_key(flag.vendor), "vendor": flag.vendor, "person": flag.person,
        "source": flag.source, "currency": currency, "severity": flag.severity, "status": flag.status,
        "review": flag.review, "test": flag.lead_test, "exposure": flag.exposure_base, "hours": hours,
    }  # fmt: skip


def vendor_key(name: str | None) -> str | None:
    """Normalise a vendor's name; none stays none."""
    from tools.ledger import vendor  # noqa: PLC0415 - readers of every format hang on it

    return vendor.key(name) if name else None


def missing(snapshot: Snapshot, needs: Sequence[str], table: str, column: str) -> str:
    """Say what the books lack for a figure, or "" where they have it all."""
    kinds = snapshot.manifest.kinds()
    if needs and not [kind for kind in needs if kind in kinds]:
        return f"the books hold no source of kind {' or '.join(needs)}"
    if table in tables.CANONICAL and not (
        table in snapshot.manifest.tables and snapshot.manifest.tables[table].rows
    ):
        return f"the books hold no {table.replace('_', ' ')}"
    if column and not snapshot.books.has(column, [kind for kind in needs if kind in kinds]):
        return f"no row of the books has a value in {column}"
    return ""
