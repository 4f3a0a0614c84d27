"""Observer: whether rules or names changed, so that the same rows are counted under another heading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, timedelta
from typing import Any, Final

from tools.incidents.numbers.headings import HeadingSum, by_heading
from tools.incidents.numbers.reading import NumberReading, read
from tools.incidents.numbers.windows import moment
from tools.incidents.subject import IncidentBench
from tools.investigation.observation import Observation
from tools.store import proposals, runs

NAME: Final = "rules"
_ALIKE: Final = (
    0.4  # two sums, and two numbers of rows, that differ by less may be the same under another name
)
_FEWEST: Final = 5  # rows that don't stay away by chance: of a Poisson mean of 5, one window in 150 has none
_SAME: Final = 0.01  # two sums of fewer rows that differ by less may be the same: a rent, an instalment
_GREAT: Final = 0.05  # of all: a value that is less moves nothing
_EMPTY: Final = 0.1  # share of rows without a value, by which it has to rise


def look(bench: IncidentBench) -> list[Observation]:
    """Look for values that went while others came with the same sum, for lost values, for changed rules."""
    question = bench.subject.question
    with read(question, bench.settings) as reading:
        changes = [
            change
            for dimension, sums in by_heading(reading).items()
            for change in _of_dimension(reading, dimension, sums, question)
        ]
        changes += list(_changed_rules(bench, reading))
    return [Observation(f"R{number}", NAME, **change) for number, change in enumerate(changes, 1)]


def _of_dimension(
    reading: NumberReading,
    dimension: str,
    sums: Sequence[HeadingSum],
    question: Any,  # noqa: ANN401 - JSON
) -> Iterator[dict[str, Any]]:
    yield from _emptied(sums, dimension, question)
    total = max(sum(abs(each.before) for each in sums), 1e-9)
    named = [each for each in sums if each.heading]  # rows without a heading lost it, and have no new one
    gone = [each for each in named if each.rows_now == 0 and abs(each.before) > _GREAT * total]
    come = [each for each in named if each.rows_before == 0 and abs(each.now) > _GREAT * total]
    for lost in gone:
        for new in come:
            if not _alike(lost, new):
                continue
            yield {
                "what": f"{dimension} renamed",
                "text": f"{dimension} '{lost.heading}' ({reading.worded(lost.before)} before) has no row "
                f"now, and '{new.heading}' ({reading.worded(new.now)} now) had none before.",
                "node": f"{dimension}={new.heading}",
                "value": new.now,
                "expected": lost.before,
                "deviation": 6.0,
                "unit": reading.unit,
                "scope": dimension,
                "quality": "CIRCUMSTANTIAL",
                "query": {
                    "engine": "number",
                    "parameters": {**question, "element": [[dimension, new.heading]]},
                },
                "details": {
                    "kind": "renamed",
                    "dimension": dimension,
                    "from": lost.heading,
                    "to": new.heading,
                },
            }


def _alike(lost: HeadingSum, new: HeadingSum) -> bool:
    """Say whether a value may be another under a new name; of few rows, as many come and go by chance."""
    pairs = ((lost.before, new.now), (lost.rows_before, new.rows_now))
    bound = _ALIKE if min(lost.rows_before, new.rows_now) >= _FEWEST else _SAME
    return all(abs(now - before) <= bound * abs(before) for before, now in pairs)


def _emptied(sums: Sequence[HeadingSum], dimension: str, question: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - JSON
    empty = next((each for each in sums if not each.heading), None)
    if empty is None:
        return
    count = sum(each.rows_now for each in sums)
    share = [
        empty.rows_now / max(count, 1),
        empty.rows_before / max(sum(each.rows_before for each in sums), 1),
    ]
    if share[0] - share[1] < _EMPTY:
        return
    spread = max((share[1] * (1 - share[1]) / max(count, 1)) ** 0.5, 0.01)
    yield {
        "what": f"rows without {dimension}",
        "text": f"{share[0]:.0%} of the rows have no {dimension} now, {share[1]:.0%} had none before.",
        "node": f"{dimension}=(empty)",
        "value": share[0],
        "expected": share[1],
        "deviation": round((share[0] - share[1]) / spread, 3),
        "scope": dimension,
        "query": {"engine": "number", "parameters": {**question, "element": [[dimension, ""]]}},
        "details": {"kind": "emptied", "dimension": dimension},
    }


def _changed_rules(bench: IncidentBench, reading: NumberReading) -> Iterator[dict[str, Any]]:
    """Name changes of the rules file within the windows; rules change flags, not what was posted."""
    if bench.subject.question.get("file"):
        return
    windows = reading.windows.all
    since = moment(min(window.begin for window in windows if window.role != "control")).replace(tzinfo=UTC)
    run = runs.get(bench.store, str(bench.subject.question["run_id"]))
    for change in proposals.changes(bench.store):
        if since <= change.at <= run.started_at + timedelta(days=1):
            yield {
                "what": "rules changed",
                "text": f"the rules were {change.what} on {change.at:%Y-%m-%d}: {change.reason}",
                "node": "rules",
                "first_seen": change.at.isoformat(),
                "scope": "rules",
                "quality": "CIRCUMSTANTIAL",
                "query": {"engine": "store", "parameters": {"change": change.change_id}},
                "details": {"kind": "rules", "change": change.change_id},
            }
