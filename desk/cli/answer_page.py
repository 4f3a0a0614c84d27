"""What the front desk says, for a terminal: rows to standard output, what they rest on beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from desk.cli.columns.front_desk import LISTED, VALUES
from desk.cli.rows import Form, write
from desk.cli.screen import err, out, plain_utf8
from desk.views.safe_text import json_text, visible

if TYPE_CHECKING:
    from desk.front_desk import SentenceResult


def write_said(standing: SentenceResult, form: Form) -> None:
    """Write what came of a sentence."""
    if form is Form.JSON:
        plain_utf8()
        print(json_text(standing.as_dict()))
        return
    if standing.echo and standing.kind in ("figure", "list", "compare"):
        _say(f"Understood: {standing.echo}")
    if standing.result.get("answer"):
        _write_rows(standing.result, standing.kind, form)
    for line in standing.result.get("lines", ()):
        out().print(visible(line), soft_wrap=True, markup=False, highlight=False)
    for line in lines_of(standing):
        _say(line)
    for other in standing.result.get("others", ()):
        _say(f"Understood: {other['echo']}")
        _write_rows(other, other["kind"], form)
        for line in _foundations(other, other["answer"]):
            _say(line)


def _write_rows(result: Mapping[str, Any], kind: str, form: Form) -> None:
    """Write the values; of a list, the rows too."""
    write(VALUES, rows_of(result), form)
    if kind == "list" and form is Form.TABLE:
        write(LISTED, [listed(row) for row in result["answer"]["shown"]], form, limit=0)


def listed(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give a row behind a figure as it is listed."""
    whose = next((row[name] for name in ("vendor", "person", "account", "source") if row.get(name)), "")
    return {**row, "whose": whose}


def rows_of(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Give the rows of an answer; of a comparison with the value before and the change, of a share with %."""
    changes = {(row["part"], row["currency"]): row for row in result.get("changes", ())}
    rows = []
    unit = {"currency": "%"} if result["answer"]["unit"] == "percent" else {}
    for row in result["answer"]["values"]:
        change = changes.pop((row["part"], row["currency"]), {})
        rows.append(
            {**row, **unit, **{name: change.get(name, "") for name in ("before", "change", "percent")}}
        )
    gone = [{**row, "value": row["now"], "rows": 0} for row in changes.values()]
    return [*rows, *gone]


def lines_of(standing: SentenceResult) -> Iterator[str]:
    """Say what an answer rests on, or why there is none and what to ask instead."""
    if answer := standing.result.get("answer"):
        yield from _foundations(standing.result, answer)
    if standing.result.get("why"):
        yield f"{_HEADS.get(standing.kind, 'Not answered')}: {standing.result['why']}"
    for entry in standing.result.get("instead", ()):
        yield f"  You could ask for {entry}"
    for entry in standing.result.get("started", ()):
        yield f"Put down for the workers: {entry['agent']}, task {entry['task_id'][:8]} (tieout work --once)."
    for agent in standing.result.get("waiting", ()):
        yield f"To follow when that has ended: {agent}."
    for number, label in enumerate(standing.choices, start=1):
        yield f"  {number}  {label}"
    if standing.choices:
        yield "Say which with --choose NUMBER."
    if standing.request_id:
        yield standing.question
        yield f"Nothing has happened yet. Confirm: tieout approve {standing.run_id}; or reject it."


def _foundations(result: Mapping[str, Any], answer: Mapping[str, Any]) -> Iterator[str]:
    yield f"{answer['figure']}: {answer['definition']} ({answer['unit']})."
    yield f"Window: {answer['window']}; {answer['rows']:,} rows."
    yield f"Books of run {answer['run_id']}, as of {answer['as_of']}."
    for change in result.get("changes", ())[:20]:
        percent = f" ({change['percent']}%)" if change["percent"] else ""
        part = f"{change['part']}: " if change["part"] else ""
        values = f"{change['before']} before, {change['now']} now, change {change['change']}{percent}"
        yield f"{part}{values} {change['currency']}".rstrip()
    for share in result.get("shares", ())[:20]:
        part = f"{share['part']}: " if share["part"] else ""
        yield f"{part}{share['value']} of {share['whole']} {share['currency']}".rstrip()
    if result.get("total"):
        sums = ", ".join(f"{row['value']} {row['currency']}" for row in result["total"]["values"])
        yield f"Together: {sums}."
    if result.get("compared"):
        yield f"Held against: {result['compared']['window']}."
    yield f"Not included: {'; '.join(answer['not_included'])}."
    yield f"Query {answer['query_id']}, snapshot {answer['snapshot_sha256'][:12]}; owner: {answer['owner']}."


_HEADS = {
    "refused": "Refused",
    "unread": "Not understood",
    "out_of_scope": "Not something for this desk",
    "failed": "Failed",
    "turned down": "Turned down",
}


def _say(line: str) -> None:
    err().print(visible(line), soft_wrap=True, markup=False, highlight=False)
