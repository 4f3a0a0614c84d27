"""Readings: held against facts, merged where they agree, with an innocent one always among them."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.investigation.hypotheses import (
    CEILING,
    Cause,
    Hypothesis,
    HypothesisReading,
    Report,
    agreed,
    held_against,
)

FACTS = {
    "F1.R": "payment row T1, of 50,000.00 USD, to [VENDOR_1], posted on 2025-03-04",
    "F1.T1": "test duplicate_payment: observed 2 equal payments",
    "B1": "payment row T0, 50,000.00 USD, on 2025-03-03",
}


def _report(**changes: object) -> Report:
    fields = {
        "cause": "paid_twice", "text": "50,000.00 USD left twice.", "confidence": 80,
        "evidence_for": ["F1.R"], "evidence_against": ["B1"],
        "test": "Ask [VENDOR_1] for a statement of account.", **changes,
    }  # fmt: skip
    return Report(hypotheses=[Hypothesis.model_validate(fields)])


def test_what_the_facts_give_stands() -> None:
    """With its evidence, and who came to it."""
    (reading,), removed = held_against(_report(), FACTS, "", "books")
    assert removed == []
    assert (reading.confidence, reading.evidence_for, reading.by) == (0.8, ["F1.R"], ["books"])


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"text": "60,000.00 USD left twice."}, "states 60000"),
        ({"text": "It left on 2025-04-04."}, "names the day"),
        ({"text": "[PERSON_9] did it."}, "names [PERSON_9]"),
        ({"test": "See whether 9 were delivered."}, "states 9"),
        ({"text": "Safe to ignore."}, "advises"),
        ({"text": "See https://evil.example"}, "links to"),
        ({"evidence_for": [], "evidence_against": []}, "cites nothing"),
        ({"evidence_for": ["Z9"], "evidence_against": []}, "cites Z9"),
    ],
)
def test_what_they_do_not_is_removed(changes: dict[str, Any], why: str) -> None:
    """And why is kept."""
    hypotheses, removed = held_against(_report(**changes), FACTS, "", "books")
    assert hypotheses == []
    assert removed[0].startswith(why)


def test_an_id_that_is_not_there_goes_the_rest_stays() -> None:
    """What still cites a fact is a reading."""
    (reading,), removed = held_against(_report(evidence_for=["F1.R", "Z9"]), FACTS, "", "books")
    assert (reading.evidence_for, removed) == (["F1.R"], ["cites Z9, which is not there"])


def _reading(
    cause: str = "paid_twice", text: str = "Twice.", confidence: float = 0.6, by: str = "books"
) -> HypothesisReading:
    return HypothesisReading(cause, text, confidence, ["F1.R"], [f"{by[0].upper()}1"], "Ask.", [by])


def test_observers_that_agree_give_one_reading() -> None:
    """The evidence of both, the words of the surer, a little surer than their mean."""
    (first,) = agreed([_reading(), _reading(text="Paid again.", confidence=0.8, by="history")])
    assert (first.text, first.confidence, first.by) == ("Paid again.", 0.75, ["books", "history"])
    assert (first.evidence_for, first.evidence_against) == (["F1.R"], ["B1", "H1"])


def test_unlike_words_of_an_open_cause_stay_apart() -> None:
    """Other is not a reading that one can agree on."""
    readings = agreed([_reading("other", "A typing error."), _reading("other", "A gift to a client.")])
    assert [reading.cause for reading in readings] == ["other", "other"]


READINGS = st.lists(
    st.builds(
        _reading,
        cause=st.sampled_from(get_args(Cause)),
        text=st.sampled_from(["Paid again.", "Owed twice.", "Nobody knows."]),
        confidence=st.floats(0, 1),
        by=st.sampled_from(["books", "documents", "history"]),
    ),
    max_size=12,
)


@given(READINGS)
def test_each_cause_is_there_once(readings: list[HypothesisReading]) -> None:
    """Each with its check and evidence, none certain, those of most observers first."""
    together = agreed(readings)
    assert [len(reading.by) for reading in together] == sorted(
        (len(reading.by) for reading in together), reverse=True
    )
    assert all(reading.test and (reading.evidence_for or reading.evidence_against) for reading in together)
    assert max((reading.confidence for reading in together), default=0) <= CEILING
    causes = sorted(reading.cause for reading in together if reading.cause not in ("other", "innocent"))
    assert causes == sorted({reading.cause for reading in readings} - {"other", "innocent"})
