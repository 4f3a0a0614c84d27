"""Link words to the ledger's names, whole, in part or nearly so, and slips of the keys to words of ours."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from tools.core.plain_words import normalise
from tools.front_desk.compounds import mark_compound
from tools.front_desk.marks import SentenceMarks
from tools.front_desk.names import AND, LedgerName, LedgerNames
from tools.front_desk.period.words import MONTHS, UNITS
from tools.front_desk.phrases import note
from tools.front_desk.vocabulary import vocabulary

_BETWEEN: Final = re.compile(
    r"\b(?:(?:between|zwischen) )?(?:the |our |de[nmr] )?(?P<left>\w+)"
    r" (?:and|to|with|against|versus|vs|und|zu|mit|gegen) (?:the |our |de[nmr] )?(?P<right>\w+)\b"
)
_SLIP: Final = 90.0  # of 100, above which a misspelt word is taken for one of ours
_LEAST_SLIP: Final = 6
_CALLED_ANYTHING: Final = ("test", "vendor", "person", "category")  # whose names may be any words
_LEAST_PART: Final = 4  # characters of a word that may stand for a name that it is part of


def mark_names(marks: SentenceMarks, names: LedgerNames, *, least_words: int) -> None:
    """Take whole names, the longest first. A single word that is also ours is left to what it says."""
    sentence, lexicon = marks.sentence, vocabulary()
    for length in range(min(names.longest, len(sentence.words)), least_words - 1, -1):
        for begin in range(len(sentence.words) - length + 1):
            words = tuple(sentence.words[begin : begin + length])
            if not sentence.free(begin, length) or (length == 1 and lexicon.knows(words[0])):
                continue
            if length > 1 and lexicon.senses(words):
                continue
            whole = names.exact(" ".join(words)) if words[0] not in AND and words[-1] not in AND else []
            called = whole or [name for name in _names_by_prefix(words, names) if name not in marks.names]
            if called and not _is_ours(called, words):
                _take(marks, begin, length, called)


def _names_by_prefix(words: tuple[str, ...], names: LedgerNames) -> list[LedgerName]:
    """Give the vendor or person whose name begins so: August Hansen is of no month."""
    if len(words) < 2 or all(map(vocabulary().knows, words)):  # noqa: PLR2004 - one word may be anything
        return []
    text = " ".join(words)
    called = [name for name in names.partly(text) if normalise(name.label).startswith(f"{text} ")]
    return called if len(called) == 1 and called[0].kind in ("vendor", "person") else []


def mark_pairs(marks: SentenceMarks, names: LedgerNames) -> None:
    """Take "between bank and ledger" for the pair of books of that name."""
    pairs = [name for several in names.whole.values() for name in several if name.kind == "pair"]
    for match in _BETWEEN.finditer(marks.sentence.plain) if pairs else ():
        if _of_time(marks.sentence.plain[: match.start()]):
            continue  # "days between invoice and payment"
        sides = {match["left"].removesuffix("s"), match["right"].removesuffix("s")}
        called = [name for name in dict.fromkeys(pairs) if sides == set(name.label.split("_")) - {"to"}]
        if len(called) == 1:
            marks.sentence.use_characters(match.start(), match.end(), "name")
            marks.names.append(called[0])


def _of_time(before: str) -> bool:
    """Say whether a time stands before a place."""
    return bool(before.split()) and before.rsplit(maxsplit=1)[-1] in {*UNITS, "time", "zeit"}


def _is_ours(called: list[LedgerName], words: tuple[str, ...]) -> bool:
    """Say whether a name is all words of ours: "weekend postings" are a figure, "last month" is no vendor."""
    lexicon = vocabulary()
    ours = all(lexicon.knows(word) or word in MONTHS or word.isdigit() for word in words)
    return ours and all(name.kind in _CALLED_ANYTHING for name in called)


def _take(marks: SentenceMarks, begin: int, length: int, called: list[LedgerName]) -> None:
    words = " ".join(marks.sentence.words[begin : begin + length])
    marks.sentence.use(begin, length, "name")
    preferred = _preferred(marks, begin, called)
    if len(preferred) == 1:
        marks.names.append(preferred[0])
        marks.placed[begin] = (length, preferred)
    else:
        marks.ties.append((words, preferred))


def _preferred(marks: SentenceMarks, begin: int, called: list[LedgerName]) -> list[LedgerName]:
    """Of several things of one name prefer the kind that the word before it says: "account 1000"."""
    before = marks.sentence.words[begin - 1] if begin else ""
    kinds = {sense.value for sense in vocabulary().senses((before,)) if sense.kind == "dimensions"}
    of_kind = [name for name in called if name.kind in kinds]
    return of_kind or called


def mark_categories(marks: SentenceMarks, names: LedgerNames) -> None:
    """Link "Miete" to the category that these books call Rent, where they have it."""
    for place, value in list(marks.senses.pop("categories", [])):
        length = marks.lengths[place]
        called = [name for name in names.exact(normalise(value)) if name.kind == "category"]
        if called:
            marks.sentence.use(place, length, "name")
            marks.names.extend(called)
            marks.placed[place] = (length, called)
        elif marks.sentence.uses[place] == "categories":
            marks.sentence.use(place, length, "")


def mark_left_over(marks: SentenceMarks, names: LedgerNames) -> None:
    """Link what is left to names in part or nearly so, or to a slip of our words; else it is unread."""
    for begin, length in list(marks.sentence.runs()):
        if not _link(marks, names, begin, length):
            for number in range(begin, begin + length):
                if marks.sentence.free(number, 1) and not _link(marks, names, number, 1):
                    _correct(marks, names, number)


def _link(marks: SentenceMarks, names: LedgerNames, begin: int, length: int) -> bool:
    words = " ".join(marks.sentence.words[begin : begin + length])
    if length == 1 and (len(words) < _LEAST_PART or _slip(words)):
        return False
    partly = names.partly(words)
    called = partly or names.alike(words)
    respelt = "" if called else names.respelt(words)
    if respelt and (called := names.partly(respelt)):
        marks.corrected.append((words, respelt))
    if not called:
        return False
    if len(partly) == 1 and length == 1 and not normalise(partly[0].label).startswith(words):
        marks.sentence.use(begin, length, "name")  # "lines" may be of Windlass Freight Lines, and may not
        marks.ties.append((words, partly))
    else:
        _take(marks, begin, length, called)
        _give_back(marks, begin, length, called)
    return True


def _give_back(marks: SentenceMarks, begin: int, length: int, called: list[LedgerName]) -> None:
    """Leave to a name its neighbour that was read by itself: "Halyard Staffing" is of no category."""
    words = marks.sentence.words
    label = normalise(called[0].label).split() if len(called) == 1 else []
    near = {words[place] for place in (begin - 1, begin + length) if 0 <= place < len(words)} & {*label}
    marks.names[:] = [name for name in marks.names if name in called or normalise(name.label) not in near]


def _correct(marks: SentenceMarks, names: LedgerNames, number: int) -> None:
    word = marks.sentence.words[number]
    near = _slip(word)
    if not near and mark_compound(marks, names, number):
        return
    if not near:
        marks.unread.append(word)
        return
    marks.corrected.append((word, near))
    note(marks, number, 1, vocabulary().senses((near,)))
    if marks.sentence.free(number, 1):
        marks.unread.append(word)


def _are_swapped(word: str, other: str) -> bool:
    """Say whether two neighbouring letters, not the first, change places: "invocie"."""
    if len(word) != len(other) or word[0] != other[0] or sorted(word) != sorted(other):
        return False
    return OSA.distance(word, other, score_cutoff=1) == 1


@lru_cache(maxsize=1000)
def _slip(word: str) -> str:
    """Give the word of ours that a misspelt one stands for; "" for none."""
    if len(word) < _LEAST_SLIP or not word.isalpha():
        return ""
    ours = vocabulary().single_words()
    near = process.extractOne(word, ours, scorer=fuzz.ratio, score_cutoff=_SLIP)
    if not near:
        return next((other for other in ours if _are_swapped(word, other)), "")
    if near[0][0] != word[0]:
        return ""  # a slip seldom takes the first letter: "skonto" is not "konto"
    inflected = near[0].startswith(word) or word.startswith(near[0])
    return "" if inflected else near[0]  # "balanced" is not "balance"
