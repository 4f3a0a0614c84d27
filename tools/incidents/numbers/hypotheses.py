"""What may have moved a number: an element, missing or restated rows, a renamed heading, or nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

from tools.incidents.numbers.cell_scores import STANDS_OUT
from tools.incidents.subject import Subject
from tools.investigation.disproof import DEVIATES
from tools.investigation.hypothesis import INNOCENT, NOT_ENOUGH, RankedHypothesis
from tools.investigation.observation import Observation

LEAST_RAW: Final = 0.5  # of a delivery that does not fit the movement
MOST_RAW: Final = 0.95  # of one that fits it wholly
DELIVERIES: Final = {
    "doubled": ("feed_doubled", "Compare the file's control total; see whether a file was read twice."),
    "turned": ("sign_turned", "Lay a row of before beside one of now: only the sign may differ."),
    "scaled": ("amounts_scaled", "See the unit, the decimal mark and the currency of both deliveries."),
    "cut": ("rows_missing", "Ask for the file again and compare its control total."),
    "currency": ("currency_changed", "See in which currency the feed was sent before, and who changed it."),
}
FLOOR: Final = 0.1  # of the scores of elements: even a single one is not certain
PLAIN_ELEMENT: Final = 6.0  # robust deviations of an element among many, from which chance is no reading
PLAINLY_APART: Final = 4.0  # standard deviations of an element from all others, where its own windows agree
UNLIKELY: Final = 0.02  # raw score of chance where a number is that far from usual
PLAINLY_LOST: Final = 0.75  # raw score of headings that so many rows lack that it is no chance
_ENOUGH: Final = 3


def hypotheses(subject: Subject, observations: Sequence[Observation]) -> list[RankedHypothesis]:
    """Make hypotheses of what observers saw; without the movement itself there is nothing to explain."""
    del subject
    whole = next((observation for observation in observations if observation.observation_id == "D1"), None)
    result = [*_elements(observations, whole), *_mixes(observations, whole)] if whole else []
    result += list(_deliveries(observations, whole))
    result += list(_sources(observations, whole))
    result += list(_headings(observations, whole))
    result += [_innocent(whole, observations), _not_enough(whole)]
    return result


def edges(subject: Subject, observations: Sequence[Observation]) -> dict[str, list[str]]:
    """Give what the number depends on: its own elements, and the sources that were read for it."""
    del subject
    whole = next((observation for observation in observations if observation.observation_id == "D1"), None)
    if whole is None:
        return {}
    parts = [
        observation.node
        for observation in observations
        if observation.details.get("parts") or observation.details.get("source")
    ]
    return {whole.node: parts}


def _elements(observations: Sequence[Observation], whole: Observation) -> Iterator[RankedHypothesis]:
    elements = [observation for observation in observations if observation.details.get("parts")]
    weights = [math.exp(observation.details["score"]) for observation in elements]
    total = sum(weights) + FLOOR
    for number, (observation, weight) in enumerate(zip(elements, weights, strict=True), 1):
        share = None if observation.details["is_hidden"] else float(observation.details["together"])
        yield RankedHypothesis(
            f"E{number}",
            "element_moved",
            observation.node,
            f"{_lead(observation)} {observation.text}",
            [observation.observer],
            round(weight / total, 4),
            [observation.observation_id, whole.observation_id],
            path=[observation.node, whole.node],
            share=None if share is None else round(min(share, 1.0), 4),
            told_by=f"See the rows of {observation.node} in the window, and what was agreed with whom.",
            details={
                "parts": observation.details["parts"],
                "of_sum": observation.details["of_sum"] and abs(whole.deviation) >= DEVIATES,
            },
        )


def _lead(observation: Observation) -> str:
    hidden = observation.details["is_hidden"] and float(observation.details["share"]) <= 0
    return "All together is as usual, but one part of it is not:" if hidden else "It moved by"


def _mixes(observations: Sequence[Observation], whole: Observation) -> Iterator[RankedHypothesis]:
    """Say that a rate moved by its mix; the surer, the closer that comes to the whole movement."""
    for observation in observations:
        if observation.details.get("kind") != "mix":
            continue
        share = float(observation.details["moved"])
        yield RankedHypothesis(
            "X1", "mix_shifted", observation.node,
            f"The parts moved against each other, not their rates: {observation.text}",
            [observation.observer], round(MOST_RAW * max(0.0, 1.0 - abs(1.0 - share)), 4),
            [observation.observation_id, whole.observation_id], path=[observation.node, whole.node],
            share=round(min(share, 1.0), 4),
            told_by=f"See why there is more, or less, of {observation.details['heading']}.",
        )  # fmt: skip


def _deliveries(observations: Sequence[Observation], whole: Observation | None) -> Iterator[RankedHypothesis]:
    """Say how a feed came; the surer, the closer what it did comes to the whole movement."""
    for observation in observations:
        template = DELIVERIES.get(str(observation.details.get("kind")))
        if template is None or whole is None or whole.value is None or whole.expected is None:
            continue
        cause, told_by = template
        share = float(observation.details["moved"]) / ((whole.value - whole.expected) or math.inf)
        fit = (
            max(0.0, 1.0 - abs(1.0 - share))
            if cause != "currency_changed"
            else float(whole.deviation < 0) / 2
        )
        yield RankedHypothesis(
            f"F{observation.observation_id}", cause, observation.node, observation.text,
            [observation.observer], round(LEAST_RAW + (MOST_RAW - LEAST_RAW) * fit, 4),
            [observation.observation_id, whole.observation_id], path=[observation.node, whole.node],
            share=None if cause == "currency_changed" else round(max(0.0, min(share, 1.0)), 4),
            told_by=told_by,
        )  # fmt: skip


def _sources(observations: Sequence[Observation], whole: Observation | None) -> Iterator[RankedHypothesis]:
    texts = {
        "missing": (
            "rows_missing",
            "Rows of {0} are missing or late: {1}",
            "Ask for the file again and compare its control total.",
        ),
        "restated": ("rows_restated", "{0} was restated: {1}", "Compare both deliveries row by row."),
    }
    for observation in observations:
        if observation.details.get("kind") not in texts:
            continue
        cause, text, told_by = texts[str(observation.details["kind"])]
        fits = whole is not None and (whole.deviation < 0) == (
            observation.deviation < 0 and cause == "rows_missing"
        )
        evidence = [observation.observation_id, *([whole.observation_id] if whole else [])]
        yield RankedHypothesis(
            f"S{observation.observation_id}", cause, observation.node,
            text.format(observation.node, observation.text), [observation.observer],
            0.5 if fits else 0.2, evidence,
            path=[observation.node, whole.node] if whole else [], told_by=told_by,
        )  # fmt: skip


def _headings(observations: Sequence[Observation], whole: Observation | None) -> Iterator[RankedHypothesis]:
    texts = {
        "renamed": ("heading_renamed", 0.9, "The same rows are counted under another heading: {0}"),
        "emptied": ("heading_lost", 0.4, "Rows lost their heading: {0}"),
        "rules": ("rules_changed", 0.1, "The rules changed: {0}"),
    }
    for observation in observations:
        if observation.details.get("kind") not in texts:
            continue
        cause, raw, text = texts[str(observation.details["kind"])]
        if cause == "heading_lost" and observation.deviation >= PLAIN_ELEMENT:
            raw = PLAINLY_LOST
        yield RankedHypothesis(
            f"R{observation.observation_id}", cause, observation.node,
            text.format(observation.text), [observation.observer], raw,
            [observation.observation_id], path=[observation.node, whole.node] if whole else [],
            share=_moved_by_name(observation, whole),
            told_by="Lay a row of before beside one of now: only the heading may differ.",
        )  # fmt: skip


def _moved_by_name(observation: Observation, whole: Observation | None) -> float | None:
    """Give the share of the movement that a new name explains: of a number that moved in all, hardly any."""
    figures = (observation.value, observation.expected, *((whole.value, whole.expected) if whole else ()))
    if observation.details["kind"] != "renamed" or whole is None or abs(whole.deviation) < DEVIATES:
        return None
    now, before, all_now, expected = (float(figure or 0.0) for figure in figures)
    return round(max(0.0, min(1.0, (now - before) / ((all_now - expected) or math.inf))), 4)


def _is_plain(observation: Observation) -> bool:
    """Say whether something is plain whatever the whole did: how a feed came, an element by itself."""
    if observation.details.get("kind") in (*DELIVERIES, "renamed"):
        return True
    if observation.details.get("kind") in ("mix", "emptied"):
        return abs(observation.deviation) >= PLAIN_ELEMENT
    control = observation.details.get("control_deviation")
    apart, moved = abs(float(observation.details.get("apart", 0.0))), abs(observation.deviation)
    stands_out = apart >= STANDS_OUT and moved >= DEVIATES
    nearly = apart >= PLAINLY_APART and apart + moved >= 2 * STANDS_OUT
    return (stands_out or nearly) and control is not None and float(control) <= moved / 2


def _innocent(whole: Observation | None, observations: Sequence[Observation]) -> RankedHypothesis:
    z = abs(whole.deviation) if whole else 0.0
    control = whole.details.get("control_deviation") if whole else None
    usual = whole is not None and (z < DEVIATES or (control is not None and control >= z))
    text = (
        f"Nothing unusual: all together is {z:.1f} standard deviations from what it was before"
        f"{'' if control is None else f', and earlier windows were as far as {control:.1f}'}."
        if usual
        else "A season, a calendar effect or a planned purchase moved it."
    )
    cited = [whole.observation_id] if whole else []
    plain = [observation.observation_id for observation in observations if _is_plain(observation)]
    return RankedHypothesis(
        "I1", INNOCENT, "", text, ["desk"], _innocent_raw(whole, usual=usual, plain=bool(plain)),
        cited if usual else [], plain if usual else cited,
        told_by="Compare with the same window of the year before, and with the budget.",
    )  # fmt: skip


def _innocent_raw(whole: Observation | None, *, usual: bool, plain: bool) -> float:
    if usual:
        return 0.15 if plain else 0.8
    return UNLIKELY if _is_far(whole) else 0.15


def _is_far(whole: Observation | None) -> bool:
    """Say whether the number is farther from usual than chance or its own windows ever brought it."""
    control = whole.details.get("control_deviation") if whole else None
    return (
        whole is not None and control is not None and abs(whole.deviation) >= max(PLAIN_ELEMENT, 2 * control)
    )


def _windows(number: int) -> str:
    return "There is 1 window" if number == 1 else f"There are {number} windows"


def _not_enough(whole: Observation | None) -> RankedHypothesis:
    windows = int(whole.details.get("windows", 0)) if whole else 0
    raw = 0.9 if whole is None else 0.35 if windows < _ENOUGH else UNLIKELY if _is_far(whole) else 0.08
    text = (
        "The number itself was not seen."
        if whole is None
        else f"{_windows(windows)} before it to compare with; the cause may lie where nobody looked."
    )
    return RankedHypothesis(
        "N1", NOT_ENOUGH, "", text, ["desk"], raw, told_by="Give more windows, or more dimensions."
    )
