"""Texts in words."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from tools.checks.reconciliation.sides.tokens import Wording

TEXTS = st.lists(st.lists(st.sampled_from(["ACME", "CO", "VOID", "X"]), max_size=4).map(" ".join), max_size=5)


@given(TEXTS)
@example([""])
@example([])
def test_words_are_told_text_by_text(texts: list[str]) -> None:
    """Which texts say a word, which bits their words have, and what is left of them without some words."""
    words = Wording.of(texts)
    bits = {"ACME": 1, "CO": 2, "VOID": 4, "X": 0, "": 0}
    assert ["VOID" in text.split() for text in texts] == words.saying({"VOID"}).tolist()
    remainders = words.together(~words.are({"CO", "X"})[words.word]).to_pylist()
    assert ["".join(w for w in text.split() if w not in {"CO", "X"}) for text in texts] == remainders
    sums = words.bits([bits[word] for word in words.vocabulary]).tolist()
    assert [sum(bits[word] for word in set(text.split())) for text in texts] == sums
