"""The ledger's own names (vendors, people, accounts, categories, sources, currencies), linked to words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from rapidfuzz import fuzz, process

from tools.checks.catalogue import NAMES
from tools.core.plain_words import normalise
from tools.core.sql_files import sql
from tools.front_desk.snapshot import Snapshot
from tools.ledger.vendor import LEGAL_FORMS

ALIKE: Final = 88.0  # of 100, below which a misspelt name is not taken
APART: Final = 4.0  # by so much the best has to be better than the next, or both are asked about
_LEAST_FUZZY: Final = 5  # characters
AND: Final = ("and", "und")
_LEGAL: Final = frozenset(form.casefold() for form in LEGAL_FORMS)


@dataclass(frozen=True)
class LedgerName:
    """Something in the books that has a name.

    keys: by which its rows are chosen. books: the kinds of books in which it occurs; none where all may.
    """

    kind: str
    label: str
    keys: tuple[str, ...]
    books: frozenset[str] = frozenset()


@dataclass
class LedgerNames:
    """Every name of the books: whole, and by the words that are in it."""

    whole: dict[str, list[LedgerName]] = field(default_factory=lambda: defaultdict(list))
    longest: int = 1
    by_word: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, name: LedgerName) -> None:
        """Learn a name, with and without its legal form."""
        text = normalise(name.label)
        bare = " ".join(word for word in text.split() if word not in _LEGAL)
        for spelling in {text, bare, *(normalise(key) for key in name.keys)} - {""}:
            if name not in self.whole[spelling]:
                self.whole[spelling].append(name)
            self.longest = max(self.longest, len(spelling.split()))
            for word in spelling.split():
                self.by_word[word].add(spelling)

    def exact(self, words: str) -> list[LedgerName]:
        """Give what is called so; "and" may stand for "&", and several for one: "bank fees"."""
        bare = " ".join(word for word in words.split() if word not in AND)
        spellings = (words, bare, words.removesuffix("s"))
        return _distinct(next((self.whole[text] for text in spellings if text in self.whole), ()))

    def partly(self, words: str) -> list[LedgerName]:
        """Give what has all of these words in its name: "norrland" is in "Norrland AB"."""
        spellings = [self.by_word.get(word, set()) for word in words.split()]
        common = set.intersection(*spellings) if spellings else set()
        return _distinct(name for spelling in sorted(common) for name in self.whole[spelling])

    def alike(self, words: str) -> list[LedgerName]:
        """Give what is spelt nearly so; several where none is clearly the nearest."""
        if len(words) < _LEAST_FUZZY or any(c.isdigit() for c in words):
            return []
        near = process.extract(words, list(self.whole), scorer=fuzz.ratio, score_cutoff=ALIKE, limit=5)
        best = max((score for _, score, _ in near), default=0.0)
        return _distinct(name for text, score, _ in near if score > best - APART for name in self.whole[text])

    def respelt(self, words: str) -> str:
        """Give words with each slip put right by a word of a name: "norland timber"; "" where that fails."""
        chosen = [word if word in self.by_word else self._near(word) for word in words.split()]
        return " ".join(chosen) if all(chosen) else ""

    def _near(self, word: str) -> str:
        if len(word) < _LEAST_FUZZY + 1 or not word.isalpha():
            return ""
        near = process.extract(word, list(self.by_word), scorer=fuzz.ratio, score_cutoff=ALIKE, limit=2)
        sure = [text for text, _, _ in near if text[0] == word[0] and not text.startswith(word)]
        return sure[0] if len(sure) == 1 and len(near) == 1 else ""


def names_of(snapshot: Snapshot) -> LedgerNames:
    """Read every name of the books, once for a snapshot."""
    return snapshot.once("names", lambda: _read(snapshot.rows(sql("tools.front_desk", "names"), {})))


def _read(rows: Iterable[Mapping[str, Any]]) -> LedgerNames:
    names = LedgerNames()
    by_kind: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        by_kind[str(row["kind"])].append(row)
    _add_vendors(names, by_kind.pop("vendor", []))
    _add_people(names, by_kind.pop("employee", []), by_kind.pop("person", []))
    for kind, entries in by_kind.items():
        _add_spellings(names, kind, entries)
    for test in (test for tests in NAMES.values() for test in tests):
        name = LedgerName("test", test.replace("_", " "), (test,))
        names.add(name)
        _also(names, name, f"{name.label}s")
    return names


def _add_vendors(names: LedgerNames, rows: Iterable[Mapping[str, Any]]) -> None:
    """Learn vendors by their keys, each called as it is written most often."""
    vendors: dict[str, tuple[int, str]] = {}
    spellings: dict[str, set[str]] = defaultdict(set)
    books: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        key = str(row["key"] or row["name"])
        spellings[key].add(str(row["name"]))
        books[key].update({str(row["book"])} - {""})
        vendors[key] = max(vendors.get(key, (-1, "")), (int(row["n"]), str(row["name"])))
    for key, (_, label) in vendors.items():
        vendor = LedgerName("vendor", label, (key,), frozenset(books[key]))
        names.add(vendor)
        for spelling in spellings[key] - {label}:
            _also(names, vendor, spelling)


def _add_people(
    names: LedgerNames, staff: Iterable[Mapping[str, Any]], people: Iterable[Mapping[str, Any]]
) -> None:
    """Learn people: an employee by name and by the id that postings and payments bear."""
    identities: set[str] = set()
    for row in staff:
        keys = (str(row["name"]), str(row["key"]))
        identities.update(keys)
        names.add(LedgerName("person", keys[0], keys))
    for row in people:
        if str(row["name"]) not in identities:
            names.add(LedgerName("person", str(row["name"]), (str(row["key"]),)))


def _add_spellings(names: LedgerNames, kind: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Learn names that differ in spelling alone as one: "wire" and "Wire"."""
    same: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        same[normalise(str(row["name"]))].append(row)
    for entries in same.values():
        label = max(entries, key=lambda row: int(row["n"]))["name"]
        keys = tuple(dict.fromkeys(str(row["key"]) for row in entries))
        books = frozenset(str(row["book"]) for row in entries if row["book"])
        names.add(LedgerName(kind, str(label), keys, books))


def _also(names: LedgerNames, name: LedgerName, spelling: str) -> None:
    text = normalise(spelling)
    if text and name not in names.whole[text]:
        names.whole[text].append(name)
        for word in text.split():
            names.by_word[word].add(text)


def _distinct(names: Iterable[LedgerName]) -> list[LedgerName]:
    return list(dict.fromkeys(names))
