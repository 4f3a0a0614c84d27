"""What a run found, read from its folder: rows as people are shown them, money as decimal text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tools.books.engine import Books
from tools.core import money
from tools.core.errors import RunError
from tools.core.formatting import in_money, smooth
from tools.core.settings import Settings
from tools.runs import workspace

CHECKS = ("quality", "reconciliation", "anomaly")
_BATCH = 2_000
_MONEY = {"amount_minor": "amount", "difference_minor": "difference", "off_minor": "off"}

_WORDS = ("observed", "threshold", "population", "why_not")

_FINDINGS = """
SELECT f.*, coalesce(t.source, split_part(f.row_key, ':', 1)) AS source, t.txn_id, t.posted_on,
  t.vendor_name AS vendor, t.amount_minor, t.currency,
  coalesce(t.file, c.file) AS file, coalesce(t.line, c.line) AS line,
  CASE WHEN t.row_key IS NULL AND c.row_key IS NOT NULL
    THEN concat_ws(', ', c.file, 'line ' || c.line, 'column ' || f.field, 'expected ' || f.threshold)
    END AS place
FROM read_parquet($files) f LEFT JOIN txn t ON t.row_key = f.row_key
  LEFT JOIN (SELECT row_key, file, line FROM read_parquet($tables, union_by_name = TRUE)) c
  ON c.row_key = f.row_key
WHERE ($check IS NULL OR f."check" = $check) AND ($test IS NULL OR f.test = $test)
  AND ($over IS NULL OR f.score > $over)
ORDER BY f.score DESC, f."check", f.test, f.row_key, f.partner_key
"""
_LEFT_OUT: Final = {"where": "by where", "header": "repeated header", "overlap": "in an earlier file already"}
_MATCHES = """
SELECT m.*, t.currency
FROM read_parquet($files) m LEFT JOIN txn t ON t.row_key = coalesce(m.left_key, m.right_key)
WHERE ($pair IS NULL OR m.pair = $pair) AND ($under IS NULL OR m.confidence < $under)
ORDER BY m.pair, m.confidence, m.group_id, m.left_key, m.right_key
"""
_BREAKS = """
SELECT b.*, t.posted_on, t.vendor_name AS vendor, t.file, t.line
FROM read_parquet($files) b LEFT JOIN txn t ON t.row_key = b.row_key
WHERE ($pair IS NULL OR b.pair = $pair) AND ($reason IS NULL OR b.reason = $reason)
ORDER BY b.pair, abs(b.amount_minor) DESC, b.row_key
"""


@dataclass(frozen=True)
class Results:
    """A run's folder: the newest whole result of each check, and the snapshot that they are about."""

    folder: Path
    settings: Settings

    def findings(
        self, *, check: str | None = None, test: str | None = None, over: int | None = None
    ) -> Iterator[dict[str, Any]]:
        """Give findings, the highest score first: the columns of FINDING, and of the row what it is."""
        files = self.files("finding", CHECKS)
        snapshot = self.folder / workspace.SNAPSHOT
        tables = [str(path) for path in sorted(snapshot.glob("table_*.parquet"))]
        parameters = {"tables": tables or [str(snapshot / "txn.parquet")]}
        yield from self._rows(_FINDINGS, files, {"check": check, "test": test, "over": over, **parameters})

    def matches(self, *, pair: str | None = None, under: float | None = None) -> Iterator[dict[str, Any]]:
        """Give matches, the least sure first: the columns of MATCH."""
        yield from self._rows(_MATCHES, self.files("match"), {"pair": pair, "under": under})

    def breaks(self, *, pair: str | None = None, reason: str | None = None) -> Iterator[dict[str, Any]]:
        """Give breaks, the largest first: the columns of BREAK, and of the row what it is."""
        yield from self._rows(_BREAKS, self.files("break"), {"pair": pair, "reason": reason})

    def checks(self) -> dict[str, dict[str, Any]]:
        """Give what each check came to: its `result.json`, for those that are finished."""
        folders = {check: workspace.newest(self.folder, check) for check in CHECKS}
        return {
            check: workspace.read_json(path / workspace.RESULT) for check, path in folders.items() if path
        }

    def totals(self) -> list[dict[str, Any]]:
        """Give the control totals: a row for each file and currency, sums in minor units."""
        with self._books() as books:
            return books.rows("SELECT * FROM control_total ORDER BY ALL")

    def rejected(self) -> list[dict[str, Any]]:
        """Count rejected rows by source and reason."""
        sql = "SELECT source, reason, count(*) AS rows FROM rejected GROUP BY ALL ORDER BY ALL"
        with self._books() as books:
            return books.rows(sql)

    def left_out(self) -> dict[str, str]:
        """Say by source what was read and is no posting of it: "2 pending, 1 total"."""
        sql = (
            "SELECT source, why, sum(rows) AS rows FROM left_out GROUP BY ALL ORDER BY source, rows DESC, why"
        )
        listed: dict[str, list[str]] = {}
        with self._books() as books:
            for row in books.rows(sql):
                listed.setdefault(row["source"], []).append(
                    f"{row['rows']} {_LEFT_OUT.get(row['why'], row['why'])}"
                )
        return {source: ", ".join(words) for source, words in listed.items()}

    def facts(self, step: str) -> dict[str, Any]:
        """Give what is known of the newest published step: suspects, evidence or judged."""
        folder = workspace.newest(self.folder, step)
        return dict(workspace.read_json(folder / workspace.RESULT)["facts"]) if folder else {}

    def _rows(self, sql: str, files: list[str], parameters: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        if not files:
            return
        with self._books() as books:
            reader = books.connection.sql(sql, params={**parameters, "files": files}).to_arrow_reader(_BATCH)
            for batch in reader:
                yield from map(_display_row, batch.to_pylist())

    @contextmanager
    def _books(self) -> Iterator[Books]:
        with Books.open(self.folder / workspace.SNAPSHOT, self.settings) as books:
            yield books

    def files(self, table: str, checks: tuple[str, ...] = ("reconciliation",)) -> list[str]:
        """Give the Parquet files of a result table: of the newest results of these checks."""
        folders = (workspace.newest(self.folder, check) for check in checks)
        files = [path / f"{table}.parquet" for path in folders if path]
        return [str(path) for path in files if path.is_file()]


def open_results(settings: Settings, run_id: str) -> Results:
    """Open what a run found. Raises RunError when it read nothing yet."""
    folder = workspace.run_folder(settings, run_id)
    if not (folder / workspace.SNAPSHOT).is_dir():
        raise RunError(f"run {run_id} has read nothing yet.", remedy=f"'tieout show {run_id}' says why.")
    return Results(folder, settings)


def _display_row(row: dict[str, Any]) -> dict[str, Any]:
    currency = row.get("currency")
    for minor, name in _MONEY.items():
        if minor in row:
            amount = row.pop(minor)
            row[name] = money.to_text(amount, currency) if amount is not None and currency else None
    return row | {name: _in_money(row[name], currency or "") for name in _WORDS if row.get(name)}


def _in_money(words: str, currency: str) -> str:
    """Write "1234 minor units" in a test's words as money, and "1 days" as a day."""
    return smooth(in_money(words, currency))
