"""The classifier of intents, and what the desk offers by it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.core.errors import UsageError
from tools.core.intents.classifier import OUT_OF_SCOPE, load
from tools.core.intents.fitting import fit, threshold
from tools.front_desk import planning, reading
from tools.front_desk.intents import house
from tools.front_desk.snapshot import Snapshot
from tools.front_desk.understanding import INTENTS, from_dict

_CARDS: Final = {
    "lost_card": ["i lost my card", "my card is gone", "where did my card go", "card lost yesterday"],
    "new_card": ["send me a new card", "i need another card", "order a new card", "a fresh card please"],
    "top_up": ["top up my account", "add money to my account", "how do i top up", "put money in"],
}
_OTHERS: Final = ["play some music", "what is for dinner", "how tall are you", "is it raining"]


def test_a_classifier_reads_what_it_was_not_shown_and_refuses_the_rest(tmp_path: Path) -> None:
    """New wordings get their intent, others are out of scope, and a saved classifier reads the same."""
    pairs = [(sentence, intent) for intent, sentences in _CARDS.items() for sentence in sentences]
    fitted = fit([sentence for sentence, _ in pairs], [intent for _, intent in pairs], _OTHERS)
    strange = [fitted.read(sentence).score for sentence in ("what is for lunch", "play a song")]
    fitted = fitted.with_threshold(threshold(strange, 1.0))
    fitted.save(tmp_path / "cards.npz")
    for reader in (fitted, load(tmp_path / "cards.npz")):
        assert [reader.read(text).intent for text in ("card is lost", "a new card", "top up money")] == [
            *_CARDS
        ]
        assert reader.read("please order another card").in_scope
        assert not reader.read("what is for lunch").in_scope


def test_two_intents_and_one() -> None:
    """Two intents are told apart in their right order; one is refused with a reason."""
    reader = fit(["red apple", "red rose", "blue sky", "blue sea"], ["red", "red", "blue", "blue"])
    assert (reader.read("red").intent, reader.read("blue").intent) == ("red", "blue")
    with pytest.raises(UsageError, match="two intents"):
        fit(["red apple"], ["red"])


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=60))
def test_any_text_has_an_intent_or_none(text: str) -> None:
    """Nothing raises; what is read is an intent of the desk, the best before the second."""
    reading_of = house.classifier().read(text)
    assert {reading_of.intent, reading_of.second} <= set(INTENTS)
    assert reading_of.score >= reading_of.second_score


def test_the_shipped_weights_are_those_of_the_sentences() -> None:
    """A sentence added without `python -m tools.front_desk.intents.house` is noticed."""
    rows = house.labelled()
    fitted, shipped = house.fitted(rows), house.classifier()
    assert set(shipped.columns) == set(fitted.columns)
    assert shipped.threshold == pytest.approx(fitted.threshold, abs=0.01)
    known = [(sentence, intent) for sentence, intent in rows if intent != OUT_OF_SCOPE]
    assert all(shipped.read(sentence).intent == fitted.read(sentence).intent for sentence, _ in known)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("go over all of our books once more", "run_audit"),
        ("bitte die Überzahlungen zurückholen", "run_recovery"),
    ],
)
def test_what_sounds_like_a_start_is_offered_and_asked_about(text: str, intent: str, books: Snapshot) -> None:
    """A wording that the grammar lacks is offered to choose; what is chosen needs its own checkpoint."""
    read = reading.read(text, books)
    assert (read.status, read.read_by) == ("choose", "classifier")
    chosen = from_dict(read.choices[0]["reading"])
    assert chosen.intent == intent
    assert planning.risk_of(planning.chosen_steps(chosen)) == "MEDIUM"


@pytest.mark.parametrize(
    "text",
    ["please do not go over the books once more", "delete all of the findings", "start the washing machine"],
)
def test_nothing_is_offered_for_what_is_not_wanted_or_not_the_desks(text: str, books: Snapshot) -> None:
    """Negations, orders that no sentence may give and other trades' words stay refused."""
    read = reading.read(text, books)
    assert read.status in ("out_of_scope", "refused", "unread")
    assert not read.choices
