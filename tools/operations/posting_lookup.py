"""Which row of the books a person names: by its source's id, invoice number, reference, or amount and day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tools.books import engine_pool
from tools.books.engine import bound
from tools.core import formatting, money
from tools.core.errors import RunError
from tools.core.settings import Settings
from tools.runs import workspace
from tools.store import Store, runs
from tools.store.models import AuditRun

Row = dict[str, Any]

NEWEST_RUNS = 500  # how far back a row is looked for
# What a person has in hand, the surest first: the source's own id, an invoice's number, a reference, and an
# amount with a day.
_NAMED = (
    """
    SELECT row_key, min(kind) AS kind, min(txn_id) AS txn_id, min(posted_on) AS posted_on
    FROM read_parquet($files) WHERE txn_id = $name GROUP BY row_key ORDER BY row_key
    """,
    """
    SELECT row_key, min(kind) AS kind, min(txn_id) AS txn_id, min(posted_on) AS posted_on
    FROM read_parquet($files) WHERE invoice_no = $name GROUP BY row_key ORDER BY row_key
    """,
    """
    SELECT row_key, min(kind) AS kind, min(txn_id) AS txn_id, min(posted_on) AS posted_on
    FROM read_parquet($files) WHERE reference = $name GROUP BY row_key ORDER BY row_key
    """,
    """
    SELECT row_key, min(kind) AS kind, min(txn_id) AS txn_id, min(posted_on) AS posted_on
    FROM read_parquet($files)
    WHERE regexp_matches($name, '^[0-9]+([.][0-9]{1,3})? [0-9]{4}-[0-9]{2}-[0-9]{2}$')
      AND posted_on = try_cast(split_part($name, ' ', 2) AS DATE)
      AND abs(amount_minor) = CAST(try_cast(split_part($name, ' ', 1) AS DECIMAL(30, 3))
          * coalesce(map_extract($units, currency)[1], 100) AS HUGEINT)
    GROUP BY row_key ORDER BY row_key
    """,
)
_UNITS = {"key": list(money.EXPONENTS), "value": [10**places for places in money.EXPONENTS.values()]}  # a MAP
_HOLDING = """
SELECT DISTINCT filename AS file FROM read_parquet($files, filename = true) WHERE row_key = $name
"""


def runs_with(store: Store, row_key: str, settings: Settings) -> list[AuditRun]:
    """Give the runs that read a row, newest first: their snapshots are asked all at once."""
    snapshots = _snapshots(store, settings)
    files = {row["file"] for row in _probed(_HOLDING, snapshots, row_key, settings)}
    return [run for path, run in snapshots.items() if path in files]


def row_key_of(store: Store, name: str, settings: Settings) -> str:
    """Give the key of the row that a person names. Raises RunError when no row is called that, or several."""
    snapshots = _snapshots(store, settings)
    tried = (_probed(sql, snapshots, name, settings) for sql in _NAMED)
    rows = next(filter(None, tried), [])
    if not rows:
        remedy = (
            "Name a flag ('tieout flags'), a transaction's id, an invoice number, a reference, or an amount "
            "and a day in quotes: '3830.00 2025-02-24'."
        )
        raise RunError(f"there is no flag and no transaction '{name}'.", remedy=remedy)
    if len(rows) > 1:
        remedy = f"Name one: {', '.join(_distinguished(rows)[:5])}."
        raise RunError(f"{len(rows)} rows are called '{name}'.", remedy=remedy)
    return str(rows[0]["row_key"])


def _distinguished(rows: Sequence[Row]) -> list[str]:
    """Name each row by its id where that tells it from the others, else by its key; say what it is."""
    ids = [row["txn_id"] for row in rows]
    return [
        f"{row['txn_id'] if row['txn_id'] and ids.count(row['txn_id']) == 1 else row['row_key']} "
        f"({formatting.noun(row['kind'])} of {row['posted_on'] or 'no day'})"
        for row in rows
    ]


def _snapshots(store: Store, settings: Settings) -> dict[str, AuditRun]:
    read = [run for run in runs.list_audits(store, limit=NEWEST_RUNS) if run.snapshot_uri]
    paths = {str(workspace.located(settings, run.snapshot_uri) / "txn.parquet"): run for run in read}
    return {path: run for path, run in paths.items() if Path(path).is_file()}


def _probed(sql: str, snapshots: Mapping[str, AuditRun], name: str, settings: Settings) -> list[Row]:
    if not snapshots:
        return []
    with engine_pool.connection(settings) as connection:
        parameters = bound(sql, {"files": list(snapshots), "name": name, "units": _UNITS})
        rows: list[Row] = connection.sql(sql, params=parameters).to_arrow_table().to_pylist()
        return rows
