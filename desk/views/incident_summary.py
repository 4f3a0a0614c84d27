"""An incident's first paragraph: what moved and by how much, the likeliest cause, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tools.investigation.grounding import LIKELY_FROM
from tools.investigation.hypothesis import INNOCENT, NOT_ENOUGH

AS_LIKELY: Final = 0.8  # of the first one's confidence: a second cause that nobody should overlook
_Row = Mapping[str, Any]


def summary(kind: str, observations: Sequence[_Row], hypotheses: Sequence[_Row]) -> str:
    """Give the paragraph in plain sentences; "" where nobody has looked yet.

    observations and hypotheses: as desk.views.incident.overview gives them, hypotheses in order.
    """
    standing = _standing(hypotheses)
    if not standing:
        return ""
    first = standing[0]
    sentences = [_moved(observations)] if kind == "number" else []
    sentences.append(_cause(first))
    sentences.append(_rival(standing))
    if first["told_by"]:
        sentences.append(f"Next: {_stop(first['told_by'])}")
    return " ".join(sentence for sentence in sentences if sentence)


def in_short(kind: str, observations: Sequence[_Row], hypotheses: Sequence[_Row]) -> list[tuple[str, str]]:
    """Give the same under headings, in the order in which one asks; nothing where nobody has looked yet."""
    standing = _standing(hypotheses)
    if not standing:
        return []
    first = standing[0]
    rival = _rival(standing)
    known = f" from {first['calibrated_on']} known results" if first["calibrated_on"] else ""
    sure = f"{str(first['grounding']).capitalize()}, confidence {first['confidence']:.0%}{known}."
    parts = (
        ("What happened", _moved(observations) if kind == "number" else ""),
        ("Why", _stop(first["statement"])),
        ("How sure", f"{sure} {rival}".strip()),
        ("What to do", _stop(first["told_by"]) if first["told_by"] else ""),
    )
    return [(heading, text) for heading, text in parts if text]


def _standing(hypotheses: Sequence[_Row]) -> list[_Row]:
    return [each for each in hypotheses if each["grounding"] != "RULED_OUT"]


def _rival(standing: Sequence[_Row]) -> str:
    """Word the second cause where it is nearly as likely as the first."""
    first, always = standing[0], (INNOCENT, NOT_ENOUGH)
    return next(
        (
            f"Nearly as likely: {_stop(each['statement'])}"
            for each in standing[1:2]
            if each["cause"] not in always and first["cause"] not in always
            if each["confidence"] >= AS_LIKELY * first["confidence"]
        ),
        "",
    )


def _cause(first: _Row) -> str:
    if first["cause"] in (INNOCENT, NOT_ENOUGH):
        return _stop(first["statement"])
    sure = f"{first['confidence']:.0%} sure"
    lead = (
        "The likeliest cause" if first["confidence"] >= LIKELY_FROM else "No cause is plain; the first to see"
    )
    return f"{lead} ({sure}): {_stop(first['statement'])}"


def _moved(observations: Sequence[_Row]) -> str:
    """Say how far the number itself moved, in per cent where it had been something."""
    whole = next((each for each in observations if each["observation_id"] == "D1"), None)
    if whole is None:
        return ""
    text = _stop(whole["text"])
    if not whole["expected"] or whole["value"] is None:
        return text
    change = (whole["value"] - whole["expected"]) / abs(whole["expected"])
    way = "more" if change > 0 else "less"
    return f"{text[:-1]}: {abs(change):.1%} {way}." if change else text


def _stop(text: str) -> str:
    return f"{text.strip().rstrip('.')}."
