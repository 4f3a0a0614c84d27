"""A desk for tests: findings as rows, gathered, searched and judged in one go."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from tests.books import make_books
from tools.books import check_tables
from tools.evidence.search import Searched, search
from tools.judgement.judge import Judged, judge
from tools.judgement.suspects import Gathered, gather
from tools.rules.model import Rules

Rows = Sequence[Mapping[str, Any]]


def finding(row_key: str, test: str, score: int, *, check: str = "anomaly", **more: object) -> dict[str, Any]:
    """Make one finding."""
    wording = {"observed": "this", "threshold": "that", "population": "all"}
    return {"check": check, "test": test, "row_key": row_key, "score": score, **wording, **more}


class Desk:
    """Books of a test with their results, carried through judgement."""

    def __init__(self, folder: Path, rules: Rules | None = None, **books: Rows) -> None:
        self.folder, self.rules = folder, rules or Rules()
        (folder / "snapshot").mkdir(parents=True)
        self.books = make_books(folder / "snapshot", currency="USD", as_of="2025-12-31", **books)
        self.checks: dict[str, Path] = {}

    def declare(self, pairs: Rows = (), materiality: str | None = None) -> None:
        """Write the sources that the snapshot was read with."""
        entity = {"materiality": materiality} if materiality else {}
        (self.folder / "snapshot" / "sources.json").write_text(
            json.dumps({"entity": entity, "pairs": list(pairs)}), encoding="utf-8"
        )

    def record(self, check: str, findings: Rows, breaks: Rows = (), matches: Rows = ()) -> None:
        """Write a check's results."""
        folder = self.checks[check] = self.folder / check
        folder.mkdir(exist_ok=True)
        _write(folder / "finding.parquet", check_tables.FINDING, findings)
        _write(folder / "break.parquet", check_tables.BREAK, breaks)
        _write(folder / "match.parquet", check_tables.MATCH, matches)

    def gather(self) -> Gathered:
        """Merge."""
        return gather(self.books, self.checks, self.rules, out=self.folder / "suspects")

    def search(self, decisions: Rows = ()) -> Searched:
        """Look for evidence."""
        path = self.folder / "suspects" / "suspect.parquet"
        return search(self.books, path, self.rules, out=self.folder / "evidence", decisions=decisions)

    def judge(self, results: Rows = (), degraded: Sequence[str] = ()) -> Judged:
        """Judge."""
        suspects, evidence, out = (self.folder / name for name in ("suspects", "evidence", "judged"))
        return judge(self.books, suspects, evidence, self.rules, out=out, results=results, degraded=degraded)

    def flags(self) -> list[dict[str, Any]]:
        """Gather, search, judge, and give the flags by row."""
        self.gather()
        self.search()
        self.judge()
        return self.read("judged/flag.parquet", "row_key")

    def read(self, name: str, order: str) -> list[dict[str, Any]]:
        """Give the rows of a result."""
        rows: list[dict[str, Any]] = (
            duckdb.read_parquet(str(self.folder / name)).order(order).to_arrow_table().to_pylist()
        )
        return rows


def _write(path: Path, columns: Mapping[str, str], rows: Rows) -> None:
    casts = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in columns.items())
    records = [{name: row.get(name) for name in columns} for row in rows] or [dict.fromkeys(columns)]
    connection = duckdb.connect()
    connection.register("records", pa.Table.from_pylist(records))
    limit = "" if rows else " LIMIT 0"
    connection.sql(f"SELECT {casts} FROM records{limit}").write_parquet(str(path))  # noqa: S608 - fixed names
