"""Several things that one sentence asks to be started: one after the other, or side by side."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from tools.core.plain_words import normalise
from tools.front_desk.understanding import Understanding

# What goes on with the first when that has ended; "and" alone starts both at once.
_THEN: Final = re.compile(
    r",?\s+(?:and then|and afterwards|then|after that|und dann|und danach|dann|danach|anschliessend)\s+"
)
_AND: Final = re.compile(r",?\s+(?:and at the same time|und gleichzeitig|and|und|as well as|sowie)\s+")
_PARTS: Final = 4
_STARTS: Final = ("run_audit", "run_feedback", "run_recovery", "run_incident", "run_programme")


def read(text: str, read_one: Callable[[str], Understanding]) -> Understanding | None:
    """Read a sentence each part of which starts something; None where it is no such sentence.

    What reads the results of another waits for it all the same: a recovery for the audit before it.
    """
    plain = normalise(text)
    for pattern, intent in ((_THEN, "several_in_turn"), (_AND, "several_at_once")):
        parts = pattern.split(plain)
        if 1 < len(parts) <= _PARTS:
            readings = [read_one(part) for part in parts]
            if all(reading.intent in _STARTS for reading in readings):
                return _joined(intent, readings, text)
    return None


def _joined(intent: str, readings: Sequence[Understanding], text: str) -> Understanding:
    failed = next((reading for reading in readings if reading.status != "understood"), None)
    if failed is not None:
        return failed
    does = [reading.intent for reading in readings]
    if len(set(does)) < len(does):
        return Understanding("refused", intent, why="the same thing is not started twice.")
    chained = intent == "several_in_turn" or {"run_audit", "run_recovery"} <= set(does)
    parameters = {name: value for reading in readings for name, value in reading.parameters.items()}
    return replace(
        readings[0],
        intent="several_in_turn" if chained else "several_at_once",
        parameters={**parameters, "does": ",".join(does), "sentence": text},
        period=next((reading.period for reading in readings if reading.period), ()),
    )
