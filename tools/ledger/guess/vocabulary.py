"""What people call things: words of file and column names, brought to one form (in vocabulary.yaml)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any, Final

from tools.core import bounded_yaml
from tools.core.bounded_yaml import Bounds

Words = tuple[str, ...]
Phrases = Mapping[str, tuple[str, ...]]


def _load() -> dict[str, Any]:
    text = resources.files("tools.ledger.guess").joinpath("vocabulary.yaml").read_text(encoding="utf-8")
    held: dict[str, Any] = bounded_yaml.load(text, Bounds())
    return held


def _phrases(held: Mapping[str, list[str]]) -> Phrases:
    return {key: tuple(value) for key, value in held.items()}


_HELD: Final = _load()
CALLED: Final = _phrases(_HELD["called"])
ALSO: Final = {kind: _phrases(held) for kind, held in _HELD["also"].items()}
OWN: Final = _phrases(_HELD["own"])
FILED: Final = _phrases(_HELD["filed"])
TOLD_BY: Final[Mapping[str, Mapping[str, float]]] = _HELD["told_by"]
NEEDED: Final[Mapping[str, list[list[str]]]] = _HELD["needed"]
NO_BOOK: Final = frozenset(_HELD["no_book"])
ASIDES: Final = _phrases(_HELD["asides"])
OUT: Final = frozenset(_HELD["out"])
IN: Final = frozenset(_HELD["in"])
VOID: Final = frozenset(_HELD["void"])
STATES: Final = frozenset(_HELD["states"])
CURRENCY_HINTS: Final = _phrases(_HELD["currency_hints"])
IBAN_CURRENCIES: Final[Mapping[str, str]] = _HELD["iban_currencies"]
CURRENCIES: Final = {name: code for code, names in _HELD["currencies"].items() for name in names}
_BARE: Final = ("number",)  # says nothing beside another word: a phone's, a fax's
_FORM: Final = {other: word for word, others in _HELD["same"].items() for other in others}
_COMPOUND: Final = 8  # letters that a compound has at least
_END: Final = 4  # letters of an end that makes a compound of any beginning
_SHORTEST: Final = 5  # letters of a compound of two known words: invno
_WORDS: Final = frozenset(_HELD["same"]) | {word for key in _HELD["joined"] for word in key.split()}
_KNOWN: Final = _WORDS | frozenset(_FORM)
_JOINED: Final = {tuple(apart.split()): whole.split() for apart, whole in _HELD["joined"].items()}


@cache
def words(name: str) -> Words:
    """Split a name into words of one form: "InvNum", "inv_no", "Invoice #" all give (invoice, number)."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", plain)
    apart = re.sub(r"^[#*]+", "", apart).replace("#", " number ")
    letters = apart.casefold().replace("ß", "ss").replace("ł", "l").replace("ø", "o").replace("\u0131", "i")
    split = re.findall(r"[a-z]+4?|[0-9]+", letters)
    return _join([form for word in split for form in _forms(word)])


def _forms(word: str) -> tuple[str, ...]:
    """Give a word's form; of a compound those of both parts: "custnum", "zahlungsdatum".

    Both parts are words that are known; of a long one, it is enough that its end is.
    """
    if word in _FORM or word in _WORDS or len(word) < _SHORTEST:
        return (_FORM.get(word, word),)
    for at in range(3, len(word) - 1):
        begin, end = word[:at], word[at:]
        bare = next((b for b in (begin, begin.rstrip("s"), begin.rstrip("n")) if b in _KNOWN), begin)
        if end in _KNOWN and bare in _KNOWN:
            return (_FORM.get(bare, bare), _FORM.get(end, end))
        if end in _FORM and len(end) >= _END and len(word) >= _COMPOUND:
            return (_FORM.get(bare, bare), _FORM[end])
    return (word,)


def closeness(name: str, phrases: Iterable[str], own: Iterable[str] = ()) -> float:
    """Say how well a name is one of the phrases: 1 when it is the first, 0 when it holds none.

    Less for each word too many, a little less for a phrase that stands later, and least of all for one
    that takes other words for the same. {own} in a phrase stands for each of the words `own`.
    """
    best, held = 0.0, words(name)
    for rank, phrase in enumerate(phrases):
        for one in own if "{own}" in phrase else ("",):
            wanted = words(phrase.replace("{own}", one))
            if wanted and all(word in held for word in wanted) and (wanted != _BARE or held == _BARE):
                literal = phrase.casefold() == name.casefold().replace("_", " ")
                score = len(wanted) / max(len(held), 1) - rank / 1000 + literal / 10_000
                best = max(best, score)
    return best


def _join(found: list[str]) -> Words:
    """Bring words together that are one: card holder, last 4."""
    joined: list[str] = []
    for word in found:
        joined.append(word)
        for size in (2, 1):
            whole = _JOINED.get(tuple(joined[-size:]))
            if whole:
                joined[-size:] = whole
    return tuple(joined)
