"""What a bank writes beside a name is told from names by the book itself."""

from __future__ import annotations

import random

from tools.checks.reconciliation.sides import stock_words
from tools.checks.reconciliation.sides.distinct_values import distinct_pairs
from tools.checks.reconciliation.sides.tokens import Wording

WAYS = ("KIPA", "UPI", "SWISH", "ZED")


def memos(seed: int, people: int = 40) -> list[str]:
    """Give distinct memos: a forename, a surname, and mostly a way before or behind them."""
    rng = random.Random(seed)
    names = [
        f"{rng.choice('ADA BO CY DI EL FAY'.split())} S{chr(65 + n % 26)}{'XYZ'[n % 3]}ON"
        for n in range(people)
    ]
    lines = [f"{rng.choice(WAYS)} {name}" for name in names for _ in range(4)]
    lines += [f"{name} {rng.choice(WAYS)}" for name in names for _ in range(3)]
    return sorted({*lines, *names})


def ways(lines: list[str]) -> set[str]:
    """Give the words of texts that are what a bank writes of the way."""
    texts = Wording.of(lines)
    are_ways = stock_words.ways(texts, distinct_pairs(texts.text, texts.word, len(texts.vocabulary)))
    return {word for word, way in zip(texts.vocabulary, are_ways, strict=True) if way}


def test_ways_stand_beside_every_name_alike() -> None:
    """Unseen words for how money came are told; forenames as frequent go with their surnames."""
    assert [ways(memos(seed)) for seed in range(5)] == [set(WAYS)] * 5


def test_a_way_that_one_name_has_always_and_few_texts_tell_nothing() -> None:
    """A word that goes with its name stays a part of it; a handful of texts, or none, teach nothing."""
    always = [
        f"GIRO{n % 4} FIRM{'ABCDEFGHIJKLMNOPQRSTUVWX'[n]} {side}" for n in range(24) for side in ("A", "B")
    ]
    assert not ways(["", "KIPA ADA SON", "KIPA BO TON"])
    assert not ways([])
    assert not ways([text.replace("0", "W").replace("1", "X") for text in always])


def test_initials_are_read_behind_what_a_bank_writes() -> None:
    """The way before single letters does not hide them; letters behind a word of a name are none of it."""
    texts = Wording.of(["UPI B L", "B L UPI", "UPI", "", "UPI JON B L", "B UPI L"])
    count, marked = texts.leading_letters(texts.are({"UPI"}))
    assert count.tolist() == [2, 2, 0, 0, 0, 2]
    assert [texts.vocabulary[word] for word in texts.word[marked]] == ["B", "L", "B", "L", "B", "L"]
