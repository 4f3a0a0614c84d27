"""Steps that ran side by side and were late by as much: what they share was held up, not each by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any, Final

from tools.incidents.systems import scores
from tools.investigation.observation import Observation

WHAT: Final = "side by side"
ALIKE: Final = 0.75  # of the longest delay, from which another is as long


def of_steps(
    late: Sequence[Observation], entries: Sequence[Mapping[str, Any]], whole: Observation
) -> Iterator[Observation]:
    """See whether steps that took longer than in earlier runs were all late at once, and by as much.

    late: observations of steps, whose values and what was expected are seconds.
    """
    spans = {str(entry["action"]): _span(entry) for entry in entries if entry["duration_ms"]}
    moved = [each for each in late if each.deviation >= scores.MOVED and each.node in spans]
    delays = {each.node: float(each.value or 0.0) - float(each.expected or 0.0) for each in moved}
    if len(delays) < 2:  # noqa: PLR2004 - side by side are two
        return
    longest = max(delays.values())
    begin = max(spans[node][0] for node in delays)
    end = min(spans[node][1] for node in delays)
    if min(delays.values()) < ALIKE * longest or (end - begin).total_seconds() < ALIKE * min(delays.values()):
        return
    names = ", ".join(sorted(delays))
    text = (
        f"{names} ran side by side, and each took about {median(delays.values()):.0f} s longer than in "
        "earlier runs: what they share was held up (the machine, the process or the store), not one of them."
    )
    yield Observation(
        "H1", whole.observer, WHAT, text, node=WHAT, value=whole.value, deviation=scores.SURE, unit="s",
        first_seen=begin.isoformat(), scope=whole.scope, query=whole.query,
    )  # fmt: skip


def _span(entry: Mapping[str, Any]) -> tuple[datetime, datetime]:
    """Give when a step began and ended: it is recorded as it ends."""
    end = datetime.fromisoformat(str(entry["at"]))
    return end - timedelta(milliseconds=entry["duration_ms"]), end
