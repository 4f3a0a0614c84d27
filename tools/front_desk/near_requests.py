"""A sentence that the grammar does not read, but that sounds like something the desk does: it is asked about.

offered(marks, reading) -> Understanding     the same reading, or a choice of what it sounds like

The classifier only offers: what is offered says what it would do, and starts by its own risk and checkpoint.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from tools.core.intents.classifier import IntentScore
from tools.front_desk.commands import HAND_OVER, TAKEN_BACK
from tools.front_desk.intents import house
from tools.front_desk.marks import SentenceMarks
from tools.front_desk.understanding import Understanding

_CLOSE: Final = 0.1  # of two scores: both are offered
_LEAST_WORDS: Final = 2
# What can be done with the sentence as it stands, and what is said of it.
_OFFERED: Final[Mapping[str, str]] = {
    "run_audit": "start an audit",
    "run_recovery": "start a recovery of confirmed findings",
    "run_programme": "carry out the programme on record",
    "run_feedback": "start feedback: learn from the reviews",
    "run_incident": "look into an incident",
    "assess_controls": "assess the controls",
    "review_change": "show the rule changes that wait",
    "draft_test": "draft a test of the books from this sentence",
    "help": "say what can be asked",
}
# What needs more than such a sentence says, and how it is said.
_SAID_OTHERWISE: Final[Mapping[str, str]] = {
    "decide": HAND_OVER,
    "rollback": TAKEN_BACK.format(change="CHANGE"),
    "change_suppress": "say it as: suppress duplicate_payment for NAME up to 500 until 2026-03-31.",
    "change_threshold": "say it as: set sigma of amount_outside_sigma to 4.",
    "explain": "name a flag, a case or a vendor whose flags are to be explained.",
    "define": "name one figure: what does match rate mean? 'tieout figures' lists them.",
}


def offered(marks: SentenceMarks, reading: Understanding) -> Understanding:
    """Offer what an unread sentence sounds like; as it was where it sounds like nothing, or is negated."""
    if not _is_unread(reading) or marks.negated or len(marks.sentence.words) < _LEAST_WORDS:
        return reading
    if _asks_figure(marks, reading):
        return reading
    sounds = house.classifier().read(marks.sentence.text)
    if not sounds.in_scope:
        return reading
    if sounds.intent in _SAID_OTHERWISE:
        return replace(reading, status="refused", intent=sounds.intent, why=_SAID_OTHERWISE[sounds.intent])
    choices = [
        {"label": _OFFERED[intent], "reading": _reading(marks, intent).as_dict()}
        for intent in _near(sounds)
        if intent in _OFFERED
    ]
    if not choices:
        return reading
    why = f"{reading.why} It sounds like this; choose it if it is what you mean."
    return Understanding("choose", sounds.intent, choices=choices, why=why, read_by="classifier")


def _asks_figure(marks: SentenceMarks, reading: Understanding) -> bool:
    """Say whether a figure is asked for, whatever else is there: "how many payments ..." starts nothing."""
    counts = "count" in marks.values("aggregates") or bool(marks.periods)
    return marks.has("nouns") and (counts or (reading.status == "unread" and not marks.unread))


def _is_unread(reading: Understanding) -> bool:
    return reading.status in ("out_of_scope", "unread") and reading.intent in ("figure", "out_of_scope")


def _near(sounds: IntentScore) -> tuple[str, ...]:
    close = sounds.score - sounds.second_score < _CLOSE
    return (sounds.intent, sounds.second) if close else (sounds.intent,)


def _reading(marks: SentenceMarks, intent: str) -> Understanding:
    parameters = {"sentence": marks.sentence.text, **marks.ids}
    if intent == "draft_test":
        parameters["kind"] = "test"
    return Understanding(
        "understood", intent, parameters=parameters, echo=_OFFERED[intent], read_by="classifier"
    )
