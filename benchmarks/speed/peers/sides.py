"""The two sides as the linking peers are given them."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import duckdb


def open_sides(folder: str) -> duckdb.DuckDBPyConnection:
    """Open a connection with tables ledger_side and bank_side: unique_id, amount, day, reference, name."""
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    text = (resources.files("benchmarks.speed.peers") / "sides.sql").read_text("utf-8")
    for statement in connection.extract_statements(text):
        connection.execute(statement, {"txn": str(Path(folder) / "txn.parquet")})
    return connection
