"""What people call things: words of file and column names, brought to one form (in vocabulary.yaml)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from tools.core import bounded_yaml
from tools.core.bounded_yaml import Bounds
from tools.core.libyaml_loader import libyaml_loader
from tools.ledger.cells import CODES

Words = tuple[str, ...]
Phrases = Mapping[str, tuple[str, ...]]


_MONEY: Final = frozenset(("amount", "balance", "fee", "debit", "credit"))
_HOLDERS: Final = ("account", "card")
_BARE: Final = ("number",)  # says nothing beside another word: a phone's, a fax's
_COMPOUND: Final = 8  # letters that a compound has at least
_END: Final = 4  # letters of an end that makes a compound of any beginning
_LATIN: Final = str.maketrans(
    {"ß": "ss", "ł": "l", "ø": "o", "\u0131": "i", "æ": "ae", "œ": "oe", "ð": "d", "đ": "d", "þ": "th"}
)
_SHORTEST: Final = 5  # letters of a compound of two known words: invno
# Zahlungspflichtige*r, Empfänger:in, Auftraggeber(in), client·e
_BOTH_GENDERS: Final = re.compile(r"(?<=[a-z]{3})(?:[*:\u00b7](?:innen|in|r|n|e)\b|\((?:in|r|e)\))")


@dataclass(frozen=True)
class Vocabulary:
    """The words of vocabulary.yaml, each list in the order in which the file has it.

    called: canonical column -> phrases. also: the same by kind. own: kind -> words for its own id.
    filed: kind -> words of file names. column_words: kind -> word of a column's name -> weight.
    needed: kind -> groups of columns, one of each. no_book: words of files that are none of the books.
    asides: class of line -> phrases. other_states: words of a column of states that are not the line's.
    outgoing, incoming, void, states, bank_traffic, card_traffic, says_in,
    says_out, card_paid, charged, credited: what cells say. fillers, foreign: words of a column's name
    that say nothing, and that it is in another currency. date_parts: year, month, day -> words of columns
    that hold it. flow_names: in, out -> words of columns whose money goes that way, whoever's book it is.
    whole_texts, side_notes: words beside a description's that say that it is whole, or somebody's note.
    name_parts: which part of a party's name a column is called. side_letters: what a journal calls its
    debit -> its credit. currencies: name in words -> code.
    countries: name -> the currency that it counts in.
    forms: word -> the form that it is brought to. listed: all words that the file has a form of.
    joined: words that are one.
    """

    called: Phrases
    also: Mapping[str, Phrases]
    own: Phrases
    filed: Phrases
    column_words: Mapping[str, Mapping[str, float]]
    needed: Mapping[str, list[list[str]]]
    no_book: frozenset[str]
    asides: Phrases
    outgoing: frozenset[str]
    incoming: frozenset[str]
    void: frozenset[str]
    states: frozenset[str]
    other_states: frozenset[str]
    fillers: frozenset[str]
    date_parts: Mapping[str, frozenset[str]]
    whole_texts: frozenset[str]
    side_notes: frozenset[str]
    name_parts: frozenset[str]
    flow_names: Mapping[str, frozenset[str]]
    foreign: frozenset[str]
    bank_traffic: tuple[str, ...]
    card_traffic: tuple[str, ...]
    says_in: tuple[str, ...]
    says_out: tuple[str, ...]
    card_paid: tuple[str, ...]
    charged: frozenset[str]
    credited: frozenset[str]
    currency_hints: Phrases
    iban_currencies: Mapping[str, str]
    countries: Mapping[str, str]
    currencies: Mapping[str, str]
    side_letters: Mapping[str, str]
    forms: Mapping[str, str]
    listed: frozenset[str]
    joined: Mapping[Words, list[str]]


@cache
def vocabulary() -> Vocabulary:
    """Give the words, read when they are first needed: most commands guess nothing."""
    text = resources.files("tools.ledger.guess").joinpath("vocabulary.yaml").read_text(encoding="utf-8")
    entries: dict[str, Any] = bounded_yaml.load(text, Bounds(), libyaml_loader())
    forms = {letters(synonym): word for word, synonyms in entries["same"].items() for synonym in synonyms}
    return Vocabulary(
        called=_phrases(entries["called"]),
        also={kind: _phrases(phrases) for kind, phrases in entries["also"].items()},
        own=_phrases(entries["own"]),
        filed=_phrases(entries["filed"]),
        column_words=entries["column_words"],
        needed=entries["needed"],
        no_book=frozenset(entries["no_book"]),
        asides=_phrases(entries["asides"]),
        outgoing=frozenset(entries["out"]),
        incoming=frozenset(entries["in"]),
        void=frozenset(entries["void"]),
        states=frozenset(entries["states"]),
        other_states=frozenset(entries["other_states"]),
        fillers=frozenset(entries["fillers"]),
        date_parts={part: frozenset(accepted) for part, accepted in entries["date_parts"].items()},
        whole_texts=frozenset(entries["whole_texts"]),
        side_notes=frozenset(entries["side_notes"]),
        name_parts=frozenset(entries["name_parts"]),
        flow_names={side: frozenset(names) for side, names in entries["flow_names"].items()},
        foreign=frozenset(entries["foreign"]),
        bank_traffic=tuple(entries["bank_traffic"]),
        card_traffic=tuple(entries["card_traffic"]),
        says_in=tuple(entries["says_in"]),
        says_out=tuple(entries["says_out"]),
        card_paid=tuple(entries["card_paid"]),
        charged=frozenset(entries["charged"]),
        credited=frozenset(entries["credited"]),
        currency_hints=_phrases(entries["currency_hints"]),
        iban_currencies=entries["iban_currencies"],
        countries={letters(name): code for code, names in entries["countries"].items() for name in names},
        currencies={letters(name): code for code, names in entries["currencies"].items() for name in names},
        side_letters=entries["side_letters"],
        forms=forms,
        listed=frozenset(
            [*forms, *entries["same"], *(word for key in entries["joined"] for word in key.split())]
        ),
        joined={tuple(apart.split()): whole.split() for apart, whole in entries["joined"].items()},
    )


def _phrases(lists: Mapping[str, list[str]]) -> Phrases:
    return {key: tuple(phrases) for key, phrases in lists.items()}


@cache
def words(name: str) -> Words:
    """Split a name into words of one form: "InvNum", "inv_no", "Invoice #" all give (invoice, number)."""
    name = _BOTH_GENDERS.sub("", _bare(name))
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    small = letters(re.sub(r"^[#*]+", "", apart).replace("#", " number "))
    split = re.findall(r"[a-z]+4?|[0-9]+|[\u0e01-\u0e4e]+|[^\W\d_a-z]+", small)
    return _join([form for word in split for form in _forms(word)])


def _bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


@cache
def letters(text: str) -> str:
    """Write a text in small letters without accents, those of other scripts as they fall apart."""
    small = _bare(text).casefold()
    return small.translate(_LATIN)


def _forms(word: str) -> tuple[str, ...]:
    """Give a word's form; of a compound those of both parts: "custnum", "zahlungsdatum".

    Both parts are words that are known; of a long one, it is enough that its end is.
    """
    forms, listed = vocabulary().forms, vocabulary().listed
    if word in listed:
        return (forms.get(word, word),)
    if not word.isascii():
        return _in_a_row(word) or (word,)
    if len(word) < _SHORTEST:
        return (word,)
    for at in range(3, len(word) - 1):
        begin, end = word[:at], word[at:]
        bare = next((b for b in (begin, begin.rstrip("s"), begin.rstrip("n")) if b in listed), begin)
        if end in listed and bare in listed:
            return (forms.get(bare, bare), forms.get(end, end))
        if end in forms and len(end) >= _END and len(word) >= _COMPOUND:
            return (forms.get(bare, bare), forms[end])
    return (word,)


def _in_a_row(word: str) -> tuple[str, ...]:
    """Give the forms of the known words in scripts that write none apart, the longest first: 出金 + 金額."""
    forms, listed, at, parts = vocabulary().forms, vocabulary().listed, 0, list[str]()
    while at < len(word):
        longest = next((word[at:end] for end in range(len(word), at + 1, -1) if word[at:end] in listed), "")
        if longest and not longest.isascii():
            parts.append(forms.get(longest, longest))
        at += len(longest) or 1
    return tuple(parts)


def closeness(name: str, phrases: Iterable[str], own: Iterable[str] = ()) -> float:
    """Say how well a name is one of the phrases: 1 when it is the first, 0 when it holds none.

    Less for each word too many, a little less for a phrase that stands later, and least of all for one
    that takes other words for the same. {own} in a phrase stands for each of the words `own`.
    """
    best, name_words = 0.0, words(name)
    telling_words = telling(name_words)
    for rank, phrase in enumerate(phrases):
        for owner in own if "{own}" in phrase else ("",):
            needed = words(phrase.replace("{own}", owner))
            if (
                needed
                and all(word in name_words for word in needed)
                and (needed != _BARE or name_words == _BARE)
            ):
                literal = phrase.casefold() == name.casefold().replace("_", " ")
                length = sum(word in needed or word in telling_words for word in name_words)
                score = len(needed) / max(length, 1) - rank / 1000 + literal / 10_000
                best = max(best, score)
    return best


def telling(name_words: Words) -> Words:
    """Give the words of a name without fillers and codes of currencies, where any others are left."""
    idle = vocabulary().fillers
    if _MONEY & set(name_words) and "currency" in name_words:  # in the account's currency, the card's
        idle = idle | {"currency", *_HOLDERS}
    return tuple(w for w in name_words if w not in idle and w.upper() not in CODES) or name_words


def _join(forms: list[str]) -> Words:
    """Bring words together that are one: card holder, last 4."""
    joined: list[str] = []
    for form in forms:
        joined.append(form)
        for size in (2, 1):
            whole = vocabulary().joined.get(tuple(joined[-size:]))
            if whole:
                joined[-size:] = whole
    return tuple(joined)
