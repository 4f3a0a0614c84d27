"""Where a run stands, on one page: what was read, tested, found and flagged, and what is asked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from desk.views import recovery_outcome
from desk.views.investigation import by_model
from desk.views.open_request import open_request
from desk.views.run_results import CHECKS, Results
from desk.views.store_rows import run_row
from desk.views.untested import reason_of
from tools.approvals import requests
from tools.books import manifest
from tools.core import money
from tools.core.settings import Settings
from tools.core.severity_levels import GRAVEST_FIRST
from tools.runs import workspace
from tools.store import Store, case_flags
from tools.store.models import Run

MONEY_KINDS = frozenset("bank card invoice ledger payment receipt remittance".split())


def overview(store: Store, settings: Settings, run: Run, *, brief: bool = False) -> dict[str, Any]:
    """Give a run's page as JSON primitives; amounts are decimal text.

    Keys: run, sources, versions (what was pinned of each place), rejected, checks, suspects, cases, flags
    (by severity: count, by status, exposure), came_of and next (sentences on a run of recovery), model (what
    one did and cost, or null), asks (the open request, or null; its reasons alone where it is to be brief).
    """
    results = Results(workspace.run_folder(settings, run.run_id), settings)
    read = (results.folder / workspace.SNAPSHOT).is_dir()
    merged = results.facts("suspects")
    request = requests.open_for(store, run.run_id)
    return {
        "run": {name: value for name, value in run_row(run).items() if name != "counts"},
        "sources": _sources(results) if read else [],
        "versions": _versions(results) if read else [],
        "rejected": results.rejected() if read else [],
        "checks": [_check(name, result) for name, result in results.checks().items()],
        "suspects": merged.get("suspects"),
        "cases": merged.get("cases"),
        "flags": _flags(store, run.run_id),
        "came_of": recovery_outcome.sentences(run.counts.get("summary") or {}),
        "next": recovery_outcome.following(run.counts.get("summary") or {}),
        "model": by_model(store, results, run.run_id),
        "asks": open_request(store, request, about=frozenset() if brief else None) if request else None,
    }


def _sources(results: Results) -> list[dict[str, Any]]:
    """Add the control totals of files up by source and currency; what is no money has no sum."""
    kinds = manifest.read(results.folder / workspace.SNAPSHOT).sources
    sums: dict[tuple[str, str], dict[str, Any]] = {}
    left_out = results.left_out()
    for row in results.totals():
        has_money = kinds.get(row["source"]) in MONEY_KINDS
        key = (row["source"], row["currency"] or "" if has_money else "")
        empty = {"source": key[0], "currency": key[1] or None, "files": 0, "rows": 0, "rejected": 0}
        empty |= {"left_out": 0, "left_out_why": left_out.get(row["source"], ""), "sum": 0}
        total = sums.setdefault(key, empty)
        total["files"] += 1
        total["rows"] += row["rows"]
        total["rejected"] += row["rejected"]
        total["left_out"] += row["filtered"] or 0
        total["sum"] += row["sum_minor"] or 0
    return [{**total, "sum": _text(total["sum"], total["currency"])} for total in sums.values()]


def _versions(results: Results) -> list[dict[str, str]]:
    """Say which version of each table or object was read."""
    versions = manifest.read(results.folder / workspace.SNAPSHOT).versions
    return [{"place": place, "version": version} for place, version in sorted(versions.items())]


def _text(minor: int, currency: str | None) -> str | None:
    return money.to_text(minor, currency) if currency else None


def _check(name: str, result: Mapping[str, Any]) -> dict[str, Any]:
    statuses = Counter(test["status"] for test in result.get("tests", []))
    return {
        "check": name,
        "status": result["status"],
        "ran": statuses["ran"],
        "not_applicable": statuses["not_applicable"],
        "failed": statuses["failed"],
        "findings": sum(int(test["findings"]) for test in result.get("tests", [])),
        "seconds": result.get("seconds"),
        "error": result.get("error", ""),
        "engine": result.get("facts", {}).get("engine", ""),
        "too_large": result.get("facts", {}).get("too_large", []),
        "uncovered": [_uncovered(row) for row in result.get("facts", {}).get("uncovered", [])],
    }


def _uncovered(row: Mapping[str, Any]) -> str:
    """Say which lines of a bank were compared with no book, and what would help."""
    way = "in" if row["amount_minor"] > 0 else "out"
    total = money.to_display(abs(row["amount_minor"]), row["currency"])
    return (
        f"{row['rows']:,} rows of {row['source']} with money {way}, {total} in all,"
        " are compared with no book: add a ledger, or a list of what was paid"
    )


def _flags(store: Store, run_id: str) -> list[dict[str, Any]]:
    by_severity: dict[str, list[case_flags.Total]] = defaultdict(list)
    for total in case_flags.totals(store, run_id):
        by_severity[total.severity].append(total)
    return [
        {
            "severity": severity,
            "count": sum(total.many for total in group),
            "statuses": _statuses(group),
            "exposure": _exposure(group),
        }
        for severity in GRAVEST_FIRST
        if (group := by_severity[severity])
    ]


def _statuses(group: Iterable[case_flags.Total]) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for total in group:
        counted[total.status] += total.many
    return dict(counted)


def _exposure(group: Iterable[case_flags.Total]) -> list[dict[str, str]]:
    flags: Counter[str] = Counter()
    sums: Counter[str] = Counter()
    for total in group:
        flags[total.currency] += total.many
        sums[total.currency] += total.exposure_minor
    ranked = sorted(sums, key=lambda name: (-flags[name], name))
    return [{"currency": name, "amount": money.to_text(sums[name], name)} for name in ranked]


def tests_of(results: Results) -> list[dict[str, Any]]:
    """Give what became of every test, check by check."""
    done = results.checks()
    return [
        {**test, "check": check, "reason": reason_of(test.get("reason") or "")}
        for check in CHECKS
        if check in done
        for test in done[check]["tests"]
    ]
