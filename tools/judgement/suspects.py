"""Findings of three checks become suspects, one a row, and cases."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tools.books import cell_view, judgement_tables
from tools.books.arrow_rows import as_table, write
from tools.books.check_tables import BREAK, FINDING, MATCH
from tools.books.engine import Books, quoted
from tools.core import money
from tools.core.sql_files import sql
from tools.judgement import cases, counted_once, test_families
from tools.judgement.alert_budget import AlertBudget
from tools.judgement.gravest import too_grave_for_a_crowd
from tools.rules.model import Rules

# Breaks in which only the difference is at risk, not the whole amount.
PARTIAL = (
    "amount fee fx discount short_pay overpayment credit_memo transposed_digits rounding partial tolerance"
).split()


@dataclass(frozen=True)
class Gathered:
    """What merging found. exposure_minor is in the entity's currency.

    rows_in_window: postings of the window, and rows of tables, which have no dates.
    suspicious_share: of those; what is open since an earlier window was counted there.
    """

    suspects: int
    cases: int
    rows_in_window: int
    suspicious_share: float
    exposure_minor: int
    currency: str
    by_family: dict[str, int]

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON primitives."""
        return asdict(self)


def gather(
    books: Books, folders: Mapping[str, Path], rules: Rules, *, out: Path, settled: Sequence[str] = ()
) -> Gathered:
    """Merge the checks' findings into `out`/suspect.parquet and case.parquet.

    folders: check -> folder with its finding.parquet (reconciliation also match and break); a check
    that failed is absent. A row is a suspect when a finding of it is strong (rules.suspects), or when
    weak ones of several families are so together. Rows of both files: tools.judgement.tables.
    settled: rows that an earlier run flagged, and that only wait for their other side.
    """
    _open_results(books, folders)
    _register_families(books)
    parameters = _parameters(books, rules)
    for step in ("signal", "chosen", "subject", "broken", "recurring", "suspect"):
        books.execute(sql("tools.judgement", step), parameters)
        if step == "chosen" and settled:
            gone = {"settled": list(settled)}
            books.execute("DELETE FROM chosen WHERE list_contains($settled, row_key)", gone)
    _price(books)
    _count_once(books)
    populations = _populations(books)
    case_rows = _group(books, rules, populations)
    out.mkdir(parents=True, exist_ok=True)
    write(case_rows, judgement_tables.CASE, out / "case.parquet")
    columns = ", ".join(quoted(name) for name in judgement_tables.SUSPECT)
    books.export(f"SELECT {columns} FROM suspect JOIN grouped USING (row_key) ORDER BY row_key",  # noqa: S608 - fixed names
                 out / "suspect.parquet")  # fmt: skip
    return _totals(books, case_rows, sum(populations.values()))


def _open_results(books: Books, folders: Mapping[str, Path]) -> None:
    paths = [folder / "finding.parquet" for folder in folders.values()]
    _view(books, "found", [path for path in paths if path.is_file()], FINDING)
    reconciled = folders.get("reconciliation")
    for name, columns in (("match", MATCH), ("break", BREAK)):
        path = reconciled / f"{name}.parquet" if reconciled else None
        _view(books, f"{name}_result", [path] if path and path.is_file() else [], columns)
    books.connection.execute(f"CREATE OR REPLACE TEMP VIEW table_place AS {_places(books)}")
    _register(books, "pair_mode", ("pair", "mode"), pair_modes(books.folder).items())
    unread = books.rows("SELECT file FROM not_read") if books.has("not_read.file") else []
    kinds = [*books.manifest.sources.items(), *((row["file"], "unread file") for row in unread)]
    _register(books, "source_kind", ("source", "kind"), kinds)


def pair_modes(folder: Path) -> dict[str, str]:
    """Give pair -> mode, out of the sources that the snapshot was read with."""
    path = folder / "sources.json"
    if not path.is_file():
        return {}
    pairs = json.loads(path.read_bytes()).get("pairs", [])
    return {pair["name"]: str(pair.get("mode", "")) for pair in pairs}


def _view(books: Books, name: str, paths: Sequence[Path], columns: Mapping[str, str]) -> None:
    """Show result files under a name; a column that an earlier version did not write yet is empty."""
    if not paths:
        books.create(name, columns)
        return
    books.create(f"{name}_columns", columns)
    books.connection.read_parquet([str(path) for path in paths]).create_view(f"{name}_file", replace=True)
    declared, file = quoted(f"{name}_columns"), quoted(f"{name}_file")
    books.execute(f"CREATE OR REPLACE TEMP VIEW {quoted(name)} AS "  # noqa: S608 - fixed names
                  f"SELECT * FROM {declared} UNION ALL BY NAME SELECT * FROM {file}")  # fmt: skip


def _register_families(books: Books) -> None:
    families = [
        {**row, "for_document": lacking, "family": name, "precedence": test_families.precedence(name)}
        for row in books.rows('SELECT DISTINCT "check", test FROM found')
        for lacking, name in _families(row["check"], row["test"])
    ]
    columns = {
        "check": "VARCHAR",
        "test": "VARCHAR",
        "for_document": "BOOLEAN",
        "family": "VARCHAR",
        "precedence": "BIGINT",
    }
    books.connection.register("known", as_table(families, columns))


def _families(check: str, test: str) -> Iterable[tuple[bool, str]]:
    """Give a test's family, and the one of its findings on rows that only lack a document."""
    name = test_families.family_of(check, test).name
    return (False, name), (True, "receipt" if name == "break" else name)


def _parameters(books: Books, rules: Rules) -> dict[str, Any]:
    return {
        "over": rules.suspects.anomaly_over,
        "weak_together": rules.suspects.weak_together,
        "excused": list(rules.severity.excused_breaks),
        "within": rules.severity.recurring_within,
        "partial": PARTIAL,
        "currency": books.manifest.currency,
    }


def _price(books: Books) -> None:
    """Fill exposure_base: the exposure in the entity's currency."""
    home = books.manifest.currency
    used = {row["currency"] for row in books.rows("SELECT DISTINCT currency FROM suspect")} | {home}
    digits = [{"currency": name, "digits": money.exponent(name)} for name in sorted(used)]
    books.connection.register("digits", as_table(digits, {"currency": "VARCHAR", "digits": "BIGINT"}))
    books.execute(
        "CREATE OR REPLACE TEMP TABLE rate AS SELECT day, currency, rate_e9 FROM fx_rate "
        "WHERE to_currency = $currency",
        {"currency": home},
    )
    books.execute(sql("tools.judgement", "exposure"), {"currency": home})


def _count_once(books: Books) -> None:
    """Fill counted_with: an event's money counts once, whichever books it stands in."""
    columns = ", ".join(quoted(name) for name in counted_once.COLUMNS)
    rows = books.rows(f"SELECT {columns} FROM suspect ORDER BY row_key")  # noqa: S608 - fixed names
    matches = books.rows(
        "SELECT m.left_key, m.right_key FROM match_result m SEMI JOIN suspect l ON l.row_key = m.left_key "
        "SEMI JOIN suspect r ON r.row_key = m.right_key WHERE m.kind = '1:1' ORDER BY ALL"
    )
    nearest = books.rows(
        "SELECT l.row_key AS left_key, r.row_key AS right_key FROM suspect l JOIN suspect r "
        "ON r.row_key = l.nearest_key AND l.row_key = r.nearest_key WHERE l.row_key < r.row_key ORDER BY ALL"
    )
    pairs = [(row["left_key"], row["right_key"]) for row in (*matches, *nearest)]
    counted = counted_once.counted_with(rows, pairs)
    _register(books, "counted_elsewhere", ("row_key", "with_key"), counted.items())
    books.execute(
        "UPDATE suspect SET counted_with = c.with_key FROM counted_elsewhere c "
        "WHERE c.row_key = suspect.row_key"
    )


def _group(books: Books, rules: Rules, populations: Mapping[str, int]) -> list[dict[str, Any]]:
    columns = ", ".join(f"s.{quoted(name)}" for name in cases.COLUMNS)
    books.execute(sql("tools.judgement", "paid_once"))
    rows = books.rows(f"SELECT {columns}, p.posted_day AS partner_day, o.row_key IS NOT NULL AS paid_once "  # noqa: S608 - fixed names
                      "FROM suspect s LEFT JOIN txn p ON p.row_key = s.partner_key "
                      "LEFT JOIN paid_once o ON o.row_key = s.row_key ORDER BY s.row_key")  # fmt: skip
    case_rows, members = cases.group(
        rows,
        books.manifest.currency,
        limit=rules.suspects.case_rows,
        people=_people(books),
        entity=books.manifest.entity,
        kinds=set(books.manifest.sources.values()),
        budget=AlertBudget(
            rules.suspects, populations, gravest=too_grave_for_a_crowd(books, rules, len(rows))
        ),
    )
    _register(books, "grouped", ("row_key", "case_id"), members.items())
    return case_rows


def _populations(books: Books) -> dict[str, int]:
    """Give source -> rows of the window; of a table, its rows."""
    counted = books.rows("SELECT source, count(*) AS n FROM txn WHERE scope = 'window' GROUP BY source")
    tables_of = {
        name.removeprefix(cell_view.PREFIX): table.rows
        for name, table in books.manifest.tables.items()
        if name.startswith(cell_view.PREFIX)
    }
    return tables_of | {row["source"]: row["n"] for row in counted}


def _people(books: Books) -> dict[str, str]:
    rows = books.rows("SELECT person_id, max(person_name) AS name FROM employee GROUP BY person_id")
    return {row["person_id"]: row["name"] for row in rows if row["person_id"] and row["name"]}


def _totals(books: Books, case_rows: Sequence[Mapping[str, Any]], read: int) -> Gathered:
    totals = books.rows(
        "SELECT (SELECT count(*) FROM suspect) AS suspects, "
        "(SELECT count(*) FROM suspect s SEMI JOIN (SELECT row_key FROM txn WHERE scope = 'open') o "
        "ON o.row_key = s.row_key) AS earlier, "
        "(SELECT CAST(coalesce(sum(exposure_base), 0) AS BIGINT) FROM suspect "
        "WHERE counted_with IS NULL) AS exposure"
    )[0]
    by_family = books.rows("SELECT family, count(*) AS n FROM suspect GROUP BY family ORDER BY family")
    return Gathered(
        suspects=totals["suspects"],
        cases=len(case_rows),
        rows_in_window=read,
        suspicious_share=round((totals["suspects"] - totals["earlier"]) / read, 6) if read else 0.0,
        exposure_minor=totals["exposure"],
        currency=books.manifest.currency,
        by_family={row["family"]: row["n"] for row in by_family},
    )


def _places(books: Books) -> str:
    """Give the query for where the rows of tables stand: row_key, file, line."""
    named = [name for name in books.manifest.tables if name.startswith(cell_view.PREFIX)]
    queries = [f"SELECT row_key, file, line FROM {quoted(name)}" for name in sorted(named)]  # noqa: S608 - quoted
    nowhere = (
        "SELECT CAST(NULL AS VARCHAR) AS row_key, CAST(NULL AS VARCHAR) AS file, CAST(NULL AS BIGINT) AS line"
    )
    return " UNION ALL ".join(queries) or f"{nowhere} LIMIT 0"


def _register(books: Books, name: str, columns: tuple[str, str], pairs: Iterable[tuple[str, str]]) -> None:
    """Register pairs of texts as a table."""
    rows = [dict(zip(columns, pair, strict=True)) for pair in pairs]
    books.connection.register(name, as_table(rows, dict.fromkeys(columns, "VARCHAR")))
