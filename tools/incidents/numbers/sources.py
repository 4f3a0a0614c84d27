"""Observer: whether each source came whole and in time, and whether what it said before still stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from tools.core.sql_files import sql
from tools.incidents.numbers import deliveries
from tools.incidents.numbers.reading import NumberReading, queried, read
from tools.incidents.numbers.windows import moment
from tools.incidents.subject import IncidentBench
from tools.investigation.observation import Observation
from tools.runs import workspace
from tools.store import runs

NAME: Final = "sources"
_FEW: Final = 0.5  # of the rows that a window had before: fewer are missing rows


def look(bench: IncidentBench) -> list[Observation]:
    """Compare each source's rows in the windows; then the same books as an earlier run read them."""
    question = bench.subject.question
    with read(question, bench.settings) as reading:
        changes = [] if reading.is_rate else list(deliveries.changes(reading, question))
        if not question.get("file"):
            changes += list(_rows(reading, question))
            changes += list(_restated(bench, reading, question))
    return [_numbered(change, number) for number, change in enumerate(changes, 1)]


def _rows(reading: NumberReading, question: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - JSON
    counts: dict[str, dict[int, dict[str, Any]]] = {}
    columns = ("source", "period", "role", "row_count", "value", "last_at")
    for row in queried(reading.rows, sql("tools.incidents.numbers", "by_source")).fetchall():
        count = dict(zip(columns, row, strict=True))
        counts.setdefault(count["source"], {})[count["period"]] = count
    against = [at for at, window in enumerate(reading.windows.all) if window.role == "against"]
    for source, periods in sorted(counts.items()):
        before = sum(periods[at]["row_count"] for at in against if at in periods) * reading.windows.scale
        now = periods[0]["row_count"] if 0 in periods else 0
        if before < 3 or now >= _FEW * before:  # noqa: PLR2004 - of two rows nothing is said
            continue
        last = max(count["last_at"] for count in periods.values())
        series = [
            [reading.windows.label(at), periods[at]["row_count"] if at in periods else 0]
            for at in reversed(range(len(reading.windows.all)))
        ]
        yield {
            "what": f"rows of {source}",
            "text": f"{source} has {now} rows in {question['window']}, where {before:.0f} were "
            f"to be expected; its last row is of {moment(last):%Y-%m-%d}.",
            "node": source,
            "value": float(now),
            "expected": float(before),
            "deviation": round((now - before) / max(before, 1.0) ** 0.5, 3),
            "unit": "rows",
            "scope": source,
            "series": series,
            "details": {"kind": "missing", "source": source},
        }


def _restated(bench: IncidentBench, reading: NumberReading, question: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - JSON
    """Say which rows of the windows before came, changed or went since the run before read them."""
    run = runs.audit(bench.store, str(question["run_id"]))
    others = [
        earlier
        for earlier in runs.list_audits(bench.store, limit=200)
        if earlier.entity == run.entity and earlier.started_at < run.started_at and earlier.snapshot_uri
    ]
    if not others:
        return
    folder = workspace.located(bench.settings, others[0].snapshot_uri)
    if not folder.is_dir():
        return
    earlier_question = {**question, "run_id": others[0].run_id}
    with read(earlier_question, bench.settings) as earlier:
        reading.connection.register("earlier", earlier.rows.filter("role <> 'now'").to_arrow_table())
    reading.connection.register("present", reading.rows.filter("role <> 'now'").to_arrow_table())
    text = sql("tools.incidents.numbers", "restated")
    for source, added, gone, difference in reading.connection.sql(text).fetchall():
        yield {
            "what": f"rows of {source} restated",
            "text": f"since run {others[0].run_id}, {added} rows of {source} before {question['window']} "
            f"came or changed and {gone} went: {reading.worded(difference)}.",
            "node": source,
            "value": float(difference),
            "expected": 0.0,
            "deviation": round((added + gone) ** 0.5, 3),
            "unit": reading.unit,
            "scope": source,
            "details": {"kind": "restated", "source": source, "earlier": others[0].run_id},
        }


def _numbered(change: dict[str, Any], number: int) -> Observation:
    query = {"engine": "number", "parameters": {"source": change["scope"]}}
    return Observation(f"S{number}", NAME, quality="DIRECT", query=query, **change)
