"""What a person is asked where a sentence could mean several things, and what they choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def choices_of(understanding: Mapping[str, Any]) -> dict[str, Any]:
    """Give what a person is asked where a sentence could mean several things."""
    labels = [str(choice["label"]) for choice in understanding["choices"]]
    why = str(understanding["why"])
    action = {
        "name": "choose",
        "args": {"choices": labels},
        "arguments": {"choices": labels},
        "description": why,
    }
    review = {"action_name": "choose", "allowed_decisions": ["edit"]}
    return {
        "action_requests": [action],
        "review_configs": [review],
        "choices": labels,
        "why": why,
        "notice": "",
    }


def reading_of(understanding: Mapping[str, Any], answer: object) -> dict[str, Any] | None:
    """Give the reading that an answer chooses, by its number from 1 or its label; None where it is none."""
    decisions = answer.get("decisions") if isinstance(answer, Mapping) else answer
    first = (
        decisions[0]
        if isinstance(decisions, Sequence) and decisions and not isinstance(decisions, str)
        else None
    )
    word = _choice(first)
    choices = understanding["choices"]
    for number, choice in enumerate(choices, start=1):
        if str(word) in (str(number), str(choice["label"])):
            reading_of: dict[str, Any] = dict(choice["reading"])
            return reading_of
    return None


def _choice(decision: object) -> object:
    if not isinstance(decision, Mapping):
        return decision
    for key in ("choice", "args", "message"):
        value = decision.get(key)
        if isinstance(value, Mapping):
            value = value.get("choice")
        if value is not None:
            return value
    return None
