"""How long a changed test takes on many rows, held against what it took before."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from tools.books import engine_pool, manifest, tables
from tools.books.engine import Books
from tools.books.manifest import Manifest, TableEntry
from tools.checks.house_tests import named_test
from tools.checks.runner import run_tests
from tools.core.sql_files import sql
from tools.front_desk.changes.outcomes import SkippedError
from tools.front_desk.changes.trial import Trial
from tools.rules.model import Rules
from tools.rules.test_header import BookTest, CheckName

_HERE: Final = "tools.front_desk.changes"
_NOISE: Final = 0.2  # seconds that two runs of the same may differ by


def check(trial: Trial, check_name: CheckName, name: str) -> str:
    """Say what is wrong with the time that a test takes, or ""."""
    test, before = (named_test(rules, check_name, name) for rules in (trial.after, trial.before))
    if test is None or check_name == "reconciliation":
        raise SkippedError("it runs on what reconciliation leaves: a past run times it")
    limits = trial.after.changes
    folder = made_books(trial, test, limits.rows)
    took = _seconds(trial, folder, test, trial.after)
    base = _seconds(trial, folder, before, trial.before) if before else 0.0
    if took > limits.most_seconds:
        return f"{limits.rows:,} rows take {took:.1f} s, over {limits.most_seconds:g}"
    if base and took > base * limits.most_times + _NOISE:
        return f"{limits.rows:,} rows take {took:.2f} s, {took / base:.1f} times the {base:.2f} s before"
    return ""


def made_books(trial: Trial, test: BookTest, rows: int) -> Path:
    """Write books of many rows, of the kinds that a test looks at; give their folder."""
    folder = trial.scratch / f"many-{'-'.join(test.kinds)}"
    if folder.is_dir():
        return folder
    folder.mkdir()
    kinds = list(test.kinds) or ["card", "payment", "invoice"]
    with engine_pool.connection(trial.settings) as connection:
        relation = connection.sql(sql(_HERE, "many_rows"), params={"rows": rows, "kinds": kinds})
        names = relation.columns
        chosen = ", ".join(f'CAST("{name}" AS {tables.TXN[name]}) AS "{name}"' for name in names)
        rest = "".join(f', CAST(NULL AS {kind}) AS "{n}"' for n, kind in tables.TXN.items() if n not in names)
        relation.project(chosen + rest).write_parquet(str(folder / "txn.parquet"))
    present = {f"txn:{kind}": list(names) for kind in kinds}
    contents = Manifest(
        entity="Test Ltd", currency="USD", as_of="2025-12-31", window_from=None, window_to="2025-12-31",
        tables={"txn": TableEntry(rows=rows, sha256="0" * 64)}, present=present, sources={"books": kinds[0]},
    )  # fmt: skip
    manifest.write(folder, contents)
    return folder


def _seconds(trial: Trial, folder: Path, test: BookTest, rules: Rules) -> float:
    """Give the better of two runs."""
    return min(_once(trial, folder, test, rules) for _ in range(2))


def _once(trial: Trial, folder: Path, test: BookTest, rules: Rules) -> float:
    with Books.open(folder, trial.settings) as books:
        started = time.perf_counter()
        (result,) = run_tests(books, [test], rules)
        if result.status == "not_applicable":
            raise SkippedError(f"made-up books do not have what it needs: {result.reason}")
        return time.perf_counter() - started
