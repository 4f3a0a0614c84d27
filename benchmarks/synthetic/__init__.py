"""A synthetic ledger of any size, made in DuckDB and written as a snapshot, for speed and stress.

Zipf vendors, log-normal amounts, a bank side that truncates, mistypes, batches, charges fees and loses lines.
Seeded by hashing: the same rows for the same size, seed and DuckDB.
"""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path
from typing import Any, Final, Literal

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from tools.books import manifest, tables
from tools.books.manifest import Manifest, TableEntry
from tools.ledger import sources, vendor
from tools.ledger.sources import Sources

Shape = Literal["books", "pair"]

_STEPS: Final = ("vendor", "event", "book", "card", "snapshot")
_NAMED: Final = re.compile(r"\$([a-z]+)\b")
_MACROS: Final = """
CREATE MACRO u(i, salt) AS (CAST(hash(i, salt, getvariable('seed')) % 1000003 AS DOUBLE) + 0.5) / 1000003.0;
CREATE MACRO gauss(i, salt) AS sqrt(-2.0 * ln(u(i, salt * 1000))) * cos(2 * pi() * u(i, salt * 1000 + 1));
CREATE MACRO working(day) AS CAST(day AS DATE) + CASE isodow(day) WHEN 6 THEN 2 WHEN 7 THEN 1 ELSE 0 END;
"""
_TABLES: Final[tuple[str, ...]] = ("txn", "vendor", "calendar", "required_field")
_SOURCES: Final = resources.files("benchmarks.synthetic") / "sources.json"


def write(folder: Path, rows: int, *, shape: Shape = "books", blank: float = 0.0, seed: int = 7) -> int:
    """Write a snapshot of about `rows` transactions into `folder`; give how many it holds.

    shape: "books" has invoices, payments, ledger, bank, cards and receipts, `rows` in all; "pair" has `rows`
    ledger lines and nearly as many bank lines. blank: the share of references left out.
    Beside the snapshot: truth.parquet (left_id, right_id, type) and planted.parquet (txn_id, kind).
    """
    folder.mkdir(parents=True, exist_ok=True)
    con = duckdb.connect(config={"preserve_insertion_order": False, "temp_directory": str(folder / "spill")})
    con.execute("SET enable_progress_bar = false")
    con.execute("SET VARIABLE seed = ?", [seed])
    con.execute(_MACROS)
    values = _values(rows, shape, blank)
    for step in _STEPS:
        _run(con, (resources.files("benchmarks.synthetic") / f"{step}.sql").read_text("utf-8"), values)
    _register_keys(con)
    declared = _sources(shape)
    required = [
        {"source": name, "field": field} for name, source in declared.sources.items()
        for field in source.required_columns if source.is_transactions
    ]  # fmt: skip
    con.register("required_field_out", pa.Table.from_pylist(required))
    entries = {
        name: _export(con, name, f"{name}_out", folder) for name in _TABLES if name in tables.CANONICAL
    }
    for extra in ("truth", "planted"):
        con.table(f"{extra}_out").write_parquet(str(folder / f"{extra}.parquet"))
    manifest.write(folder, _manifest(con, entries))
    sources.write(folder, declared)
    con.close()
    return entries["txn"].rows


def write_files(snapshot: Path, folder: Path) -> Path:
    """Write a snapshot's rows as the CSV files that its sources name, with a sources.yaml; give its path."""
    folder.mkdir(parents=True, exist_ok=True)
    text = (snapshot / sources.FILE_NAME).read_text("utf-8")
    con = duckdb.connect()
    for name, source in Sources.model_validate_json(text).sources.items():
        amount = "printf('%.2f', amount_minor / 100.0) AS amount"
        chosen = ", ".join(amount if column == "amount" else column for column in source.columns)
        rows = con.read_parquet(str(snapshot / f"{'txn' if source.is_transactions else source.kind}.parquet"))
        rows = rows.filter(f"kind = '{name}'") if source.is_transactions else rows
        rows.project(chosen).write_csv(str(folder / source.path))
    con.close()
    (folder / "sources.yaml").write_text(text, "utf-8")  # JSON is YAML
    return folder / "sources.yaml"


def _values(rows: int, shape: Shape, blank: float) -> dict[str, Any]:
    whole = shape == "books"
    return {
        "events": max(10, round(rows * 0.235)) if whole else rows,
        "charges": max(10, round(rows * 0.08)) if whole else 0,
        "whole": whole,
        "blank": blank,
    }


def _run(con: duckdb.DuckDBPyConnection, text: str, values: dict[str, Any]) -> None:
    for statement in con.extract_statements(text):
        named = set(_NAMED.findall(statement.query))
        con.execute(statement, {name: value for name, value in values.items() if name in named})


def _register_keys(con: duckdb.DuckDBPyConnection) -> None:
    for table in ("txn", "vendor"):
        named = con.table(f"{table}_made").filter("vendor_name IS NOT NULL")
        names = named.project("vendor_name").distinct().fetchall()
        keys = vendor.keys(row[0] for row in names)
        con.register(f"{table}_key", pa.table({"name": list(keys), "vendor_key": list(keys.values())}))
        con.execute(
            f"CREATE VIEW {table}_out AS SELECT m.*, k.vendor_key FROM {table}_made m "  # noqa: S608 - our own names
            f"LEFT JOIN {table}_key k ON k.name = m.vendor_name"
        )


def _export(con: duckdb.DuckDBPyConnection, name: str, table: str, folder: Path) -> TableEntry:
    columns, path = tables.CANONICAL[name], folder / f"{name}.parquet"
    present = set(con.sql(f"SELECT * FROM {table} LIMIT 0").columns)  # noqa: S608 - our own tables
    chosen = ", ".join(
        f'CAST({column if column in present else "NULL"} AS {kind}) AS "{column}"'
        for column, kind in columns.items()
    )
    order = " ORDER BY source" if name == "txn" else ""  # as files are read: one after another
    con.sql(f"SELECT {chosen} FROM {table}{order}").write_parquet(str(path), compression="zstd")  # noqa: S608 - our own names
    return TableEntry(rows=pq.read_metadata(path).num_rows, sha256="0" * 64)


def _manifest(con: duckdb.DuckDBPyConnection, entries: dict[str, TableEntry]) -> Manifest:
    kinds = [row[0] for row in con.execute("SELECT DISTINCT kind FROM txn_out ORDER BY kind").fetchall()]
    present = {f"txn:{kind}": _filled(con, f"SELECT * FROM txn_out WHERE kind = '{kind}'") for kind in kinds}  # noqa: S608 - our own kinds
    present |= {name: _filled(con, f"SELECT * FROM {name}_out") for name in entries if name != "txn"}  # noqa: S608 - our own names
    return Manifest(
        entity="Synthetic Ltd",
        currency="USD",
        as_of="2025-12-31",
        window_from="2025-01-01",
        window_to="2025-12-31",
        tables=entries,
        present=present,
        sources={kind: kind for kind in kinds},
    )


def _filled(con: duckdb.DuckDBPyConnection, select: str) -> list[str]:
    columns = con.sql(f"{select} LIMIT 0").columns
    counts = ", ".join(f"count({name})" for name in columns)
    counted = con.sql(f"SELECT {counts} FROM ({select})").fetchall()[0]  # noqa: S608 - our own tables
    return sorted(name for name, count in zip(columns, counted, strict=True) if count)


def _sources(shape: Shape) -> Sources:
    whole = Sources.model_validate_json(_SOURCES.read_text("utf-8"))
    if shape == "books":
        return whole
    sources = {name: whole.sources[name] for name in ("bank", "ledger")}
    pairs = [pair for pair in whole.pairs if pair.name == "bank_to_ledger"]
    return whole.model_copy(update={"sources": sources, "pairs": pairs})
