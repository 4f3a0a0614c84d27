"""What a change would have done to past runs: judged again from what they kept, not guessed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from tools.books import check_tables, manifest
from tools.books.engine import Books
from tools.checks.house_tests import named_test
from tools.checks.runner import run_tests
from tools.core import money
from tools.core.settings import Settings
from tools.core.severity_levels import SEVERITIES
from tools.feedback import reviews
from tools.judgement.judge import judge, read_flags
from tools.judgement.suspects import gather
from tools.rules.model import Rules
from tools.rules.test_header import CheckName
from tools.runs import run_files, workspace
from tools.store import Store, runs
from tools.store.models import Run

CHECKS: tuple[CheckName, ...] = ("quality", "reconciliation", "anomaly")
MOST_NAMED = 50
Row = dict[str, Any]

_OTHERS = """
SELECT * FROM before WHERE NOT list_contains($tests, test)
UNION ALL BY NAME
SELECT * FROM finding WHERE list_contains($tests, test)
ORDER BY ALL
"""
_FOUND_BY = "SELECT test FROM read_parquet($paths) GROUP BY test ORDER BY count(*) DESC, test"
_VENDORS = """
SELECT vendor_name FROM txn WHERE vendor_name IS NOT NULL
GROUP BY vendor_name ORDER BY count(*) DESC, vendor_name LIMIT 20
"""
_LOAD = "INSERT INTO before BY NAME SELECT * FROM read_parquet($old)"
Moved = Sequence[tuple[CheckName, str]]


@dataclass
class Sum:
    """Flags and the money at risk in them: minor units by the entity's currency."""

    flags: int = 0
    minor: dict[str, int] = field(default_factory=dict)
    rows: list[str] = field(default_factory=list)  # the first few, by row key
    exposures: list[list[Any]] = field(default_factory=list)  # minor units and currency, of the same

    def add(self, row: Mapping[str, Any], currency: str) -> None:
        """Add a flag."""
        self.flags += 1
        self.minor[currency] = self.minor.get(currency, 0) + int(row["exposure_base"])
        if len(self.rows) < MOST_NAMED:
            self.rows.append(str(row["row_key"]))
            self.exposures.append([int(row["exposure_base"]), currency])

    def as_dict(self) -> Row:
        """Give it as JSON primitives, amounts as decimal text."""
        return {**asdict(self), "amounts": {name: money.to_text(n, name) for name, n in self.minor.items()}}


@dataclass
class Replayed:
    """What a change would have hidden, by what people found it to be, and what it would have shown.

    hidden: flags that would have been graver without it; missed: of these, confirmed; unseen: reviewed by
    nobody. shown: flags that only the change raises; regained: of these, confirmed rows.
    """

    runs: list[str] = field(default_factory=list)
    not_kept: list[str] = field(default_factory=list)
    hidden: Sum = field(default_factory=Sum)
    false: Sum = field(default_factory=Sum)
    missed: Sum = field(default_factory=Sum)
    unseen: Sum = field(default_factory=Sum)
    shown: Sum = field(default_factory=Sum)
    regained: Sum = field(default_factory=Sum)

    def as_dict(self) -> Row:
        """Give it as JSON primitives."""
        sums = ("hidden", "false", "missed", "unseen", "shown", "regained")
        parts = {name: getattr(self, name).as_dict() for name in sums}
        return {"runs": self.runs, "not_kept": self.not_kept, **parts}


@dataclass(frozen=True)
class Past:
    """The runs to replay, and until when people's words count."""

    store: Store
    settings: Settings
    until: datetime
    runs: Sequence[Run]


def past(store: Store, settings: Settings, rules: Rules, until: datetime) -> Past:
    """Give the closed audits to replay, the newest first: runs of other graphs judge nothing."""
    since = until - timedelta(days=rules.feedback.replay_days)
    closed = runs.list_audits(store, status="closed", limit=1000)
    young = [run for run in closed if since <= run.started_at < until]
    return Past(store, settings, until, young[: rules.feedback.replay_runs])


def replay(past: Past, now: Rules, then: Rules, moved: Moved = ()) -> Replayed:
    """Judge past runs by two sets of rules and compare, flag by flag.

    moved: the tests that differ: they are run again over each snapshot. What a person overrode at
    approval is left out: the rules alone speak.
    """
    replay = Replayed()
    for run in past.runs:
        whole = run_files.is_intact(past.store, past.settings, run.run_id)
        folder = workspace.run_folder(past.settings, run.run_id)
        recorded = recorded_run(past.settings, folder) if whole else None
        if recorded is None:
            replay.not_kept.append(run.run_id)
            continue
        replay.runs.append(run.run_id)
        with tempfile.TemporaryDirectory(prefix="tieout-replay-") as scratch:
            before = recorded.judged(now, Path(scratch) / "now", moved)
            after = recorded.judged(then, Path(scratch) / "then", moved)
        _compare(replay, before, after, past, _currency(folder))
    return replay


@dataclass(frozen=True)
class RecordedRun:
    """What a run kept: its snapshot, its checks' findings, and the documents that were found."""

    settings: Settings
    snapshot: Path
    checks: Mapping[CheckName, Path]
    evidence: Path

    def judged(self, rules: Rules, out: Path, moved: Moved = ()) -> dict[str, Row]:
        """Give the run's flags by row as these rules judge them."""
        folders: dict[str, Path] = {str(check): folder for check, folder in self.checks.items()}
        for check in dict.fromkeys(name for name, _ in moved):
            tests = [test for name, test in moved if name == check]
            folders[check] = self._run_again(check, tests, rules, out / check)
        with Books.open(self.snapshot, self.settings) as books:
            gather(books, folders, rules, out=out)
            judge(books, out, self.evidence, rules, out=out)
        return {row["row_key"]: row for row in read_flags(out)}

    def as_of(self) -> date:
        """Give the day of the audit."""
        return date.fromisoformat(manifest.read(self.snapshot).as_of[:10])

    def found_by(self) -> list[str]:
        """Name the tests that found something, those with most findings first."""
        paths = [path for folder in self.checks.values() if (path := folder / "finding.parquet").is_file()]
        with Books.open(self.snapshot, self.settings) as books:
            rows = books.rows(_FOUND_BY, {"paths": [str(path) for path in paths]}) if paths else []
        return [row["test"] for row in rows]

    def vendors(self) -> list[str]:
        """Name the vendors of the books, those with most rows first."""
        with Books.open(self.snapshot, self.settings) as books:
            return [row["vendor_name"] for row in books.rows(_VENDORS)]

    def _run_again(self, check: CheckName, names: Sequence[str], rules: Rules, again: Path) -> Path:
        """Write a check's findings with some tests run again by these rules."""
        again.mkdir(parents=True)
        before = self.checks.get(check)
        with Books.open(self.snapshot, self.settings) as books:
            self._attach_reconciliation(books)
            run_tests(books, [test for name in names if (test := named_test(rules, check, name))], rules)
            books.create("before", check_tables.FINDING)
            if before:
                books.execute(_LOAD, {"old": str(before / "finding.parquet")})
            parameters = {"tests": list(names)}
            books.connection.sql(_OTHERS, params=parameters).write_parquet(str(again / "finding.parquet"))
        for name in check_tables.RECONCILED:
            if before and (before / f"{name}.parquet").is_file():
                (again / f"{name}.parquet").symlink_to(before / f"{name}.parquet")
        return again

    def _attach_reconciliation(self, books: Books) -> None:
        folder = self.checks.get("reconciliation")
        for name, columns in check_tables.RECONCILED.items():
            path = folder / f"{name}.parquet" if folder else None
            if path is not None and path.is_file():
                books.connection.read_parquet(str(path)).to_table(name)
            else:
                books.create(name, columns)


def recorded_run(settings: Settings, folder: Path) -> RecordedRun | None:
    """Give what a run kept, or None where it is not enough to judge it again."""
    checks = {check: attempt for check in CHECKS if (attempt := workspace.newest(folder, check))}
    evidence = workspace.newest(folder, "evidence")
    if not (folder / workspace.SNAPSHOT).is_dir() or not checks or evidence is None:
        return None
    return RecordedRun(settings, folder / workspace.SNAPSHOT, checks, evidence)


def _compare(
    replay: Replayed, before: Mapping[str, Row], after: Mapping[str, Row], past: Past, currency: str
) -> None:
    lowered = [row for key, row in before.items() if _level(after.get(key)) < _level(row)]
    raised = [row for key, row in after.items() if _level(row) > _level(before.get(key))]
    words = reviews.ever(past.store, [row["row_key"] for row in (*lowered, *raised)], past.until)
    for row in _by_money(lowered):
        replay.hidden.add(row, currency)
        part = {"confirmed": replay.missed, "false_positive": replay.false}
        part.get(words.get(row["row_key"], ""), replay.unseen).add(row, currency)
    for row in _by_money(raised):
        replay.shown.add(row, currency)
        if words.get(row["row_key"]) == "confirmed":
            replay.regained.add(row, currency)


def _level(row: Mapping[str, Any] | None) -> int:
    return SEVERITIES.index(row["severity"]) if row else -1


def _by_money(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (-row["exposure_base"], row["row_key"]))


def _currency(folder: Path) -> str:
    return manifest.read(folder / workspace.SNAPSHOT).currency
