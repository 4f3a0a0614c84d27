"""Observer: whether rules or names changed, so that the same rows are counted under another heading."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, timedelta
from typing import Any, Final

import numpy as np

from tools.incidents.numbers.measure import OTHERS, Dimension, MeasuredNumber
from tools.incidents.numbers.reading import NumberReading, read
from tools.incidents.numbers.windows import moment
from tools.incidents.subject import IncidentBench
from tools.investigation.observation import Observation
from tools.store import proposals, runs

NAME: Final = "rules"
_ALIKE: Final = 0.1  # two sums that differ by less may be the same under another name
_GREAT: Final = 0.05  # of all: a value that is less moves nothing
_EMPTY: Final = 0.1  # share of rows without a value, by which it has to rise


def look(bench: IncidentBench) -> list[Observation]:
    """Look for values that went while others came with the same sum, for lost values, for changed rules."""
    question = bench.subject.question
    with read(question, bench.settings) as reading:
        changes = [
            change
            for dimension in reading.measure.dimensions
            for change in _of_dimension(reading, dimension, question)
        ]
        changes += list(_changed_rules(bench, reading))
    return [Observation(f"R{number}", NAME, **change) for number, change in enumerate(changes, 1)]


def _of_dimension(reading: NumberReading, dimension: Dimension, question: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - JSON
    measure = reading.measure
    before, now = _by_value(measure, dimension)
    yield from _emptied(measure, dimension, question)
    total = max(float(np.abs(before).sum()), 1e-9)
    gone = list(np.flatnonzero((now == 0) & (np.abs(before) > _GREAT * total)))
    come = list(np.flatnonzero((before == 0) & (np.abs(now) > _GREAT * total)))
    for lost in gone:
        for new in come:
            old_name, new_name = dimension.values[lost], dimension.values[new]
            apart = abs(float(now[new]) - float(before[lost]))
            if OTHERS in (old_name, new_name) or apart > _ALIKE * abs(float(before[lost])):
                continue
            yield {
                "what": f"{dimension.name} renamed",
                "text": f"{dimension.name} '{old_name}' ({reading.worded(float(before[lost]))} before) "
                f"has no row now, and '{new_name}' ({reading.worded(float(now[new]))} now) had none before.",
                "node": f"{dimension.name}={new_name}",
                "value": float(now[new]),
                "expected": float(before[lost]),
                "deviation": 6.0,
                "unit": reading.unit,
                "scope": dimension.name,
                "quality": "CIRCUMSTANTIAL",
                "query": {
                    "engine": "number",
                    "parameters": {**question, "element": [[dimension.name, new_name]]},
                },
                "details": {"kind": "renamed", "dimension": dimension.name, "from": old_name, "to": new_name},
            }


def _emptied(measure: MeasuredNumber, dimension: Dimension, question: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - JSON
    if "" not in dimension.values:
        return
    empty = dimension.codes == dimension.values.index("")
    is_now, is_before = measure.period == 0, measure.before_weight > 0
    share = [float(empty[part].mean()) if part.any() else 0.0 for part in (is_now, is_before)]
    if share[0] - share[1] < _EMPTY:
        return
    count = int(is_now.sum())
    spread = max((share[1] * (1 - share[1]) / max(count, 1)) ** 0.5, 0.01)
    yield {
        "what": f"rows without {dimension.name}",
        "text": f"{share[0]:.0%} of the rows have no {dimension.name} now, {share[1]:.0%} had none before.",
        "node": f"{dimension.name}=(empty)",
        "value": share[0],
        "expected": share[1],
        "deviation": round((share[0] - share[1]) / spread, 3),
        "scope": dimension.name,
        "query": {"engine": "number", "parameters": {**question, "element": [[dimension.name, ""]]}},
        "details": {"kind": "emptied", "dimension": dimension.name},
    }


def _by_value(measure: MeasuredNumber, dimension: Dimension) -> tuple[Any, Any]:
    count = len(dimension.values)
    before = np.bincount(dimension.codes, weights=measure.before * measure.scale, minlength=count)
    return before, np.bincount(dimension.codes, weights=measure.now, minlength=count)


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
