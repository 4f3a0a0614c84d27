"""A programme's file: its papers and plans, and of each audit in it what was read, tested, found and decided.

engagement(settings, store, run_id) -> dict      JSON; amounts as decimal text
Source: ISA 230, 8 (an experienced auditor understands what was done, what came of it, what was concluded).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from desk.views.listings import case_rows, flag_rows
from desk.views.run_overview import overview, tests_of
from desk.views.run_results import Results, open_results
from tools.books import manifest
from tools.checks.catalogue import NAMES, loaded
from tools.core import money
from tools.core.settings import Settings
from tools.programme import records
from tools.programme.records import ProgrammeStanding
from tools.programme.working_papers import filing, isa_240
from tools.programme.working_papers.audit_sheets import COLUMNS
from tools.runs import workspace
from tools.store import Store, runs
from tools.store.models import Run
from tools.store.queue_filters import QueueFilters

AGES: Final = ((30, "0 to 30 days"), (60, "31 to 60 days"), (90, "61 to 90 days"))
OLDER: Final = "over 90 days"
_CASE, _FLAG, _BREAK = (COLUMNS[name] for name in ("cases", "flags", "breaks"))
_TOTAL: Final = ("source", "file", "sha256", "currency", "rows", "rejected", "filtered", "outside")


def engagement(settings: Settings, store: Store, run_id: str) -> dict[str, Any]:
    """Give the whole file of a programme as it stands."""
    report = filing.final_report(store, run_id)
    audits = [
        audit(settings, store, run, task=task) for task, run in _audits(store, records.load(store, run_id))
    ]
    tests = [test for each in audits for test in each["tests"]]
    return {**report, "audits": audits, "isa_240": isa_240.coverage(report["papers"], tests)}


def _audits(store: Store, standing: ProgrammeStanding) -> Iterator[tuple[str, Run]]:
    """Give the audits that tasks have run and that read their books, with the task's name."""
    for name, step in standing.steps.items():
        own = str(step.figures.get("run_id", ""))
        if own and standing.programme.steps[name].task.graph == "audit":
            run = runs.get(store, own)
            if run.as_dict().get("snapshot_uri"):
                yield name, run


def audit(settings: Settings, store: Store, run: Run, *, task: str) -> dict[str, Any]:
    """Give what an audit read, tested and found, and what people decided. Raises RunError."""
    results = open_results(settings, run.run_id)
    page = overview(store, settings, run, brief=True)
    breaks = [_break(row) for row in results.breaks()]
    return {
        "task": task,
        "run_id": run.run_id,
        "entity": page["run"]["entity"],
        "status": run.status,
        "outcome": run.outcome,
        "snapshot_sha256": manifest.read(results.folder / workspace.SNAPSHOT).sha256,
        "sources": page["sources"],
        "control_totals": [_total(row) for row in results.totals()],
        "rejected": page["rejected"],
        "tests": list(_tests(results)),
        "cases": [
            {name: row[name] for name in _CASE} for row in case_rows(store, QueueFilters(run_id=run.run_id))
        ],
        "flags": [{name: row.get(name) for name in _FLAG} for row in flag_rows(store, run_id=run.run_id)],
        "breaks": breaks,
        "ageing": _ageing(breaks),
    }


def _total(row: Mapping[str, Any]) -> dict[str, Any]:
    currency = row["currency"]
    summed = currency and row["sum_minor"] is not None
    total = money.to_text(row["sum_minor"], currency) if summed else None
    return {**{name: row[name] for name in _TOTAL}, "sum": total}


def _tests(results: Results) -> Iterator[dict[str, Any]]:
    """Give each test with its title, source and the query that it ran as."""
    of_house = {(check, test.name): test for check in NAMES for test in loaded(check)}
    for row in tests_of(results):
        test = of_house.get((row["check"], row["test"]))
        yield {
            "check": row["check"],
            "test": row["test"],
            "title": test.title if test else "",
            "status": row["status"],
            "findings": int(row["findings"]),
            "reason": row["reason"],
            "source": test.source if test else "",
            "parameters": dict(test.params) if test else {},
            "query": test.text if test else "",
        }


def _break(row: Mapping[str, Any]) -> dict[str, Any]:
    fields = {name: row.get(name) for name in _BREAK}
    posted = fields["posted_on"]
    return {**fields, "posted_on": posted.isoformat() if posted else None}


def _ageing(breaks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Count breaks by pair and age; their sums by currency."""
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in breaks:
        key = (str(row["pair"]), age_of(row["age_days"]), str(row["currency"] or ""))
        groups.setdefault(key, []).append(row)
    return [
        {"pair": pair, "age": age, "currency": currency, "breaks": len(rows), "amount": _sum(rows, currency)}
        for (pair, age, currency), rows in sorted(groups.items(), key=_by_age)
    ]


def _by_age(group: tuple[tuple[str, str, str], Any]) -> tuple[str, str, int]:
    pair, age, currency = group[0]
    names = [name for _, name in AGES]
    return pair, currency, names.index(age) if age in names else len(names)


def age_of(days: int | None) -> str:
    """Name the band of an age in days."""
    if days is None:
        return "no day"
    return next((name for most, name in AGES if days <= most), OLDER)


def _sum(rows: list[dict[str, Any]], currency: str) -> str | None:
    amounts = [Decimal(str(row["amount"])) for row in rows if row["amount"] is not None]
    return str(sum(amounts, Decimal())) if currency and amounts else None
