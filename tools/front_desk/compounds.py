"""German compounds: "Softwareausgaben" is spend on software, "Norrland-Rechnungen" its invoices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tools.core.plain_words import normalise
from tools.front_desk.marks import SentenceMarks
from tools.front_desk.names import LedgerName, LedgerNames
from tools.front_desk.phrases import note
from tools.front_desk.vocabulary import Sense, vocabulary

_LEAST_HEAD: Final = 5  # characters: "kosten", "zahlungen"
_LEAST_FRONT: Final = 4
_JOINTS: Final = ("", "s", "n", "en", "es", "e")  # what German puts between the parts
_COSTS: Final = ("kosten", "aufwendungen", "aufwand", "aufwaende")  # of a category: what was spent on it
_HEADS: Final = frozenset({"nouns", "phrases"})


def mark_compound(marks: SentenceMarks, names: LedgerNames, number: int) -> bool:
    """Read a word that is a name of the books and what is asked of it; say whether it is one."""
    word = marks.sentence.words[number]
    for front, head in _splits(word):
        senses = [sense for sense in vocabulary().senses((head,)) if sense.kind in _HEADS]
        named = _name(front, names) if senses or head in _COSTS else None
        if named is not None:
            _take(marks, number, named, [] if head in _COSTS else senses)
            return True
    return False


def _splits(word: str) -> Iterator[tuple[str, str]]:
    """Give front and head, the longest head first; at a hyphen where there is one."""
    if "-" in word:
        front, _, head = word.rpartition("-")
        yield front, head
        return
    for place in range(_LEAST_FRONT, len(word) - _LEAST_HEAD + 1):
        yield word[:place], word[place:]


def _name(front: str, names: LedgerNames) -> LedgerName | None:
    """Give the one thing that the front part names, with or without a joint."""
    for joint in _JOINTS:
        bare = front.removesuffix(joint) if front.endswith(joint) else ""
        if len(bare) < _LEAST_FRONT:
            continue
        alias = [sense.value for sense in vocabulary().senses((bare,)) if sense.kind == "categories"]
        called = [name for text in (bare, *map(normalise, alias)) for name in names.exact(text)]
        called = called or [name for name in names.partly(bare) if normalise(name.label).startswith(bare)]
        if len(set(called)) == 1:
            return called[0]
    return None


def _take(marks: SentenceMarks, number: int, name: LedgerName, senses: list[Sense]) -> None:
    marks.names.append(name)
    marks.placed[number] = (1, [name])
    note(marks, number, 1, senses)
    marks.sentence.use(number, 1, "name")
