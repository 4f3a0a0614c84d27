"""A posting's lineage on a page: from its line in a file to what people decided."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any, Final

from desk.cli.flag_page import FOUND, HISTORY, line, table
from desk.cli.screen import out, style_of
from desk.cli.table import TableColumn, money
from desk.views.safe_text import visible

_TESTS: Final = (
    TableColumn("test", "", heading="Found by", flex=2),
    TableColumn("score", "", kind="number", heading="Score"),
    TableColumn("observed", "", heading="Observed", flex=3),
    TableColumn("threshold", "", heading="Expected", flex=2),
)
_MATCHES: Final = (
    TableColumn("other_id", "", heading="Matched with", flex=2),
    TableColumn("other_place", "", heading="From", flex=2),
    TableColumn("kind", "", heading="Kind"),
    TableColumn("pass", "", heading="Pass", flex=1),
    TableColumn("confidence", "", kind="share", heading="Conf."),
    TableColumn("difference", "", kind="money", heading="Difference"),
)
_BREAKS: Final = (
    TableColumn("pair", "", heading="Not matched in"),
    TableColumn("reason", "", heading="Reason"),
    TableColumn("difference", "", kind="money", heading="Difference"),
    TableColumn("nearest_key", "", heading="Nearest", flex=1),
    TableColumn("why_not", "", below=True),
)
_DECISIONS: Final = (
    TableColumn("at", "", heading="Decided (UTC)"),
    TableColumn("by", "", heading="By", flex=1),
    TableColumn("verdict", "", heading="Verdict"),
    TableColumn("subject", "", heading="On"),
    TableColumn("note", "", heading="Note", flex=2),
)


def lineage_letter(lineage: Mapping[str, Any]) -> None:
    """Print a posting's lineage."""
    _posting(lineage)
    for run in lineage["runs"]:
        _run(run)
    for flag in lineage["flags"]:
        severity = flag["severity"]
        status = (flag["status"], style_of(flag["status"]))
        line(("Flag ", "head"), (severity, style_of(severity)), f"  {flag['flag_id']}  ", status)
        table(HISTORY, [{**event, "at": event["at"][:19]} for event in flag["history"]])
        table(_DECISIONS, [{**decision, "at": decision["at"][:19]} for decision in flag["decisions"]])


def _posting(lineage: Mapping[str, Any]) -> None:
    row, read = lineage["row"] or {}, lineage["read_from"]
    amount = f"{money(row['amount'])} {row['currency']}" if row.get("amount") else ""
    words = (row.get("txn_id"), row.get("vendor_name"), amount, row.get("posted_on"))
    line(("  ".join(visible(word) for word in words if word), "head"))
    line((f"row key {lineage['row_key']}", "quiet"))
    line(f"read from {visible(read['source'])}: {visible(read['file'] or '?')}, line {read['line']}")
    if read["sha256"]:
        line((f"sha256 {read['sha256']}", "quiet"))
    out().print()


def _run(run: Mapping[str, Any]) -> None:
    line(
        (f"Run {run['run_id']}", "head"),
        "  ",
        (run["status"], style_of(run["status"])),
        f"  as {run['scope']}",
    )
    findings = [test for test in run["tests"] if test["outcome"] == "found"]
    table(_TESTS, findings)
    rest = sorted(
        (test for test in run["tests"] if test["outcome"] != "found"), key=lambda test: test["outcome"]
    )
    for outcome, tests in groupby(rest, key=lambda test: str(test["outcome"])):
        line(f"{outcome}: {', '.join(test['test'] for test in tests)}")
    out().print()
    table(_MATCHES, [{**match, "other_place": _place(match)} for match in run["matches"]])
    table(_BREAKS, run["breaks"])
    table(FOUND, run["documents"])
    if run["case"]:
        line(f"case {run['case']['case_id']}: {visible(run['case']['title'])}\n")


def _place(match: Mapping[str, Any]) -> str:
    return (
        f"{match['other_source']} {match['other_file']}:{match['other_line']}" if match["other_key"] else ""
    )
