"""Services that logged steadily and log nothing any more, by Loki's lines before an incident and since."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final, NamedTuple

from tools.incidents.systems import scores
from tools.incidents.systems.clients import HttpAnswer
from tools.incidents.systems.presence import SILENT
from tools.investigation.observation import Observation

LINES: Final = "log lines"  # what such an observation is called
SPOKE: Final = 20.0  # lines to be expected of a time: from so many on its silence says something
_LONGER: Final = 2.0  # times the longest silence before


class ServiceLines(NamedTuple):
    """What Loki gave of a service: the lines before, and those since."""

    service: str
    quiet: HttpAnswer
    since: HttpAnswer


def silent(asked: Sequence[ServiceLines], letter: str, observer: str) -> Iterator[Observation]:
    """Say which services are silent; where all that logged are, since the same moment, it is none of them."""
    each = [item for lines in asked for item in _silence(lines, letter, observer)]
    moments = [datetime.fromisoformat(item.first_seen).timestamp() for item in each]
    spoke = sum(bool(lines.quiet.value) for lines in asked)
    if len(each) < max(spoke, 2) or max(moments) - min(moments) >= SILENT:
        yield from each
        return
    last = datetime.fromtimestamp(max(moments), UTC)
    text = f"none of {spoke} services has logged since {last:%Y-%m-%d %H:%M}: lines may no longer arrive."
    yield replace(each[0], text=text, node="", scope="", deviation=0.0, quality="CIRCUMSTANTIAL")


def _silence(lines: ServiceLines, letter: str, observer: str) -> Iterator[Observation]:
    """Say how many lines are missing. Of an answer that is cut off, or as silent before, nothing."""
    (begin, began), (_, until) = lines.quiet.span, lines.since.span
    spoken = sorted(at / 1e9 for answer in (lines.quiet, lines.since) for at, _, _ in answer.value)
    moments = [begin, *spoken, until]
    *earlier, quiet = (after - before for before, after in itertools.pairwise(moments))
    missing = len(lines.quiet.value) / max(began - begin, 1.0) * min(quiet, until - began)
    is_whole = lines.quiet.is_whole and lines.since.is_whole
    if not is_whole or missing < SPOKE or quiet < max(SILENT, _LONGER * max(earlier, default=0.0)):
        return
    last = datetime.fromtimestamp(moments[-2], UTC)
    yield Observation(
        f"{letter}{lines.service}.0", observer, LINES, f"{lines.service} has logged nothing since "
        f"{last:%Y-%m-%d %H:%M}, where {missing:.0f} lines were to be expected.", node=lines.service,
        value=0.0, expected=round(missing, 2), deviation=round(-min(scores.SURE, missing**0.5), 3),
        unit="lines", first_seen=last.isoformat(), scope=lines.service, query=lines.since.query,
    )  # fmt: skip
