"""Mark what each word of a sentence is: names of the ledger, periods, amounts, phrases of the vocabulary."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz, process

from tools.front_desk.names import LedgerName, LedgerNames
from tools.front_desk.period_forms import read
from tools.front_desk.periods import DatePeriod, FiscalCalendar
from tools.front_desk.sentence import Sentence
from tools.front_desk.vocabulary import Sense, vocabulary

_AMOUNT: Final = re.compile(
    r"(?:usd|eur|gbp|chf|\$)?(\d{1,3}(?:[.,]\d{3})+|\d+)(?:[.,](\d{1,2}))?(k|m)?(?:usd|eur|gbp|chf)?$"
)
_COUNT: Final = re.compile(r"\d{1,3}$")
_IDS: Final[tuple[tuple[str, str], ...]] = (
    ("case", r"c-[0-9a-f]{6,10}"), ("run", r"\d{8}-[0-9a-f]{6}"), ("flag", r"f-?[0-9a-f]{6,32}"),
    ("proposal", r"p[0-9a-f]{6,11}"), ("incident", r"inc-\d+"), ("file", r"\S+\.ya?ml"),
)  # fmt: skip
_SLIP: Final = 90.0  # of 100, above which a misspelt word is taken for one of ours
_LEAST_SLIP: Final = 6
_LEAST_PART: Final = 4  # characters of a word that may stand for a name that it is part of
_NUMBER_WORDS: Final = {
    "three": 3,
    "five": 5,
    "ten": 10,
    "twenty": 20,
    "drei": 3,
    "fuenf": 5,
    "zehn": 10,
    "zwanzig": 20,
}
_NEAR: Final = 3  # words between "by" or "which" and what is meant
_ORDER_KINDS: Final = ("top", "bottom")
_KINDS: Final = {
    "vendor": "vendors", "person": "people", "account": "accounts", "category": "categories",
    "source": "sources", "pair": "pairs", "test": "tests",
}  # fmt: skip


@dataclass
class SentenceMarks:
    """What was seen in a sentence, before it is known what is asked."""

    sentence: Sentence
    periods: list[DatePeriod] = field(default_factory=list)
    names: list[LedgerName] = field(default_factory=list)
    ties: list[tuple[str, list[LedgerName]]] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)
    over: Decimal | None = None
    under: Decimal | None = None
    most: int = 0
    order: str = ""
    senses: dict[str, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    unread: list[str] = field(default_factory=list)
    negated: list[str] = field(default_factory=list)
    corrected: list[tuple[str, str]] = field(default_factory=list)

    def values(self, kind: str) -> list[str]:
        """Give what phrases of a kind stand for, in their order."""
        return list(dict.fromkeys(value for _, value in sorted(self.senses[kind])))

    def has(self, kind: str) -> bool:
        """Say whether a phrase of a kind is there."""
        return bool(self.senses[kind])

    @property
    def by(self) -> str:
        """Give what the answer is to be split by: "by vendor", "which vendors", "monthly", "top 5 ..."."""
        return next(iter(self.splits), "")

    @property
    def splits(self) -> list[str]:
        """Give every dimension by which the answer is to be split; more than one cannot be answered."""
        markers = [place for kind in ("by", "which") for place, _ in self.senses[kind]]
        named = [
            value
            for place, value in sorted(self.senses["dimensions"])
            if any(0 < place - marker <= _NEAR for marker in markers)
            or self.most
            or self._superlative_near(place)
        ]
        who = ["person"] if self.has("who") and not self.has("dimensions") else []
        return list(dict.fromkeys([*self.values("adverbs"), *named, *who]))

    def _superlative_near(self, place: int) -> bool:
        orders = [*self.senses["top"], *self.senses["bottom"]]
        return any(0 < place - near <= 2 for near, _ in orders) and len(self.values("nouns")) > 1  # noqa: PLR2004 - words

    @property
    def superlative(self) -> bool:
        """Say whether the greatest or least part is asked for."""
        return bool(self.order) or self.has("top") or self.has("bottom")

    @property
    def plural(self) -> bool:
        """Say whether several parts are asked for: "which vendors", not "which vendor"."""
        places = [place for place, _ in self.senses["dimensions"]]
        return any(self.sentence.words[place].endswith(("s", "en", "ies")) for place in places)

    @property
    def lists(self) -> bool:
        """Say whether rows are asked for: "list", "which invoices"."""
        return self.has("listing") or (self.has("which") and not self.by) or bool(self.most and not self.by)

    def filters(self) -> dict[str, list[str]]:
        """Give the keys of the names, by what they narrow."""
        chosen: dict[str, list[str]] = {}
        for name in self.names:
            if name.kind in _KINDS:
                chosen.setdefault(_KINDS[name.kind], []).extend(name.keys)
        severities = self.values("severities")
        return {**chosen, **({"severities": severities} if severities else {})}


def mark(text: str, calendar: FiscalCalendar, names: LedgerNames) -> SentenceMarks:
    """Mark a sentence: what is surest first, and each word once."""
    marks = SentenceMarks(Sentence(text))
    _mark_ids(marks)
    _mark_names(marks, names, least_words=2)
    _mark_periods(marks, calendar)
    _mark_limits(marks)
    _mark_top(marks)
    _mark_phrases(marks)
    _mark_names(marks, names, least_words=1)
    _mark_left_over(marks, names)
    return marks


def _mark_ids(marks: SentenceMarks) -> None:
    for number, word in enumerate(marks.sentence.words):
        for kind, pattern in _IDS:
            if re.fullmatch(pattern, word):
                marks.ids[kind] = word
                marks.sentence.use(number, 1, "id")


def _mark_names(marks: SentenceMarks, names: LedgerNames, *, least_words: int) -> None:
    """Take whole names, the longest first. A single word that is also ours is left to what it says."""
    sentence, lexicon = marks.sentence, vocabulary()
    for length in range(min(names.longest, len(sentence.words)), least_words - 1, -1):
        for begin in range(len(sentence.words) - length + 1):
            words = tuple(sentence.words[begin : begin + length])
            if not sentence.free(begin, length) or (length == 1 and lexicon.knows(words[0])):
                continue
            if length > 1 and lexicon.senses(words):
                continue
            if called := names.exact(" ".join(words)):
                _take(marks, begin, length, called)


def _take(marks: SentenceMarks, begin: int, length: int, called: list[LedgerName]) -> None:
    words = " ".join(marks.sentence.words[begin : begin + length])
    marks.sentence.use(begin, length, "name")
    preferred = _preferred(marks, begin, called)
    if len(preferred) == 1:
        marks.names.append(preferred[0])
    else:
        marks.ties.append((words, preferred))


def _preferred(marks: SentenceMarks, begin: int, called: list[LedgerName]) -> list[LedgerName]:
    """Of several things of one name prefer the kind that the word before it says: "account 1000"."""
    before = marks.sentence.words[begin - 1] if begin else ""
    kinds = {sense.value for sense in vocabulary().senses((before,)) if sense.kind == "dimensions"}
    of_kind = [name for name in called if name.kind in kinds]
    return of_kind or called


def _mark_periods(marks: SentenceMarks, calendar: FiscalCalendar) -> None:
    for span in read(marks.sentence.plain, calendar):
        text = marks.sentence.plain[span.begin : span.finish]
        words = [
            number
            for number, (start, end) in enumerate(marks.sentence.places)
            if span.begin <= start and end <= span.finish
        ]
        if text == "may" or not words or not all(marks.sentence.free(number, 1) for number in words):
            continue
        if (
            text.isdigit()
            and words[0]
            and marks.sentence.words[words[0] - 1]
            in ("account", "konto", "over", "above", "ueber", "under", "unter")
        ):
            continue
        marks.periods.append(span.period)
        marks.sentence.use_characters(span.begin, span.finish, "period")


def _mark_limits(marks: SentenceMarks) -> None:
    """Read "over 5,000" and "unter 10k"."""
    sentence = marks.sentence
    for number, word in enumerate(sentence.words):
        amount = _amount(word) if sentence.free(number, 1) and number else None
        if amount is None:
            continue
        for length in (3, 2, 1):
            begin = number - length
            kinds = (
                {sense.kind for sense in vocabulary().senses(tuple(sentence.words[begin:number]))}
                if begin >= 0
                else set()
            )
            kind = next((name for name in ("over", "under") if name in kinds), "")
            if kind and sentence.free(begin, length):
                setattr(marks, kind, amount)
                sentence.use(begin, length + 1, "limit")
                break


def _amount(word: str) -> Decimal | None:
    match = _AMOUNT.fullmatch(word)
    if match is None:
        return None
    whole = re.sub(r"[.,]", "", match[1])
    scale = {"k": 1000, "m": 1_000_000}.get(match[3] or "", 1)
    return Decimal(f"{whole}.{match[2] or '0'}") * scale


def _mark_top(marks: SentenceMarks) -> None:
    """Read "top 5", "the 3 largest", "fünf größten"."""
    sentence = marks.sentence
    for number, word in enumerate(sentence.words):
        kinds = {sense.kind for sense in vocabulary().senses((word,))}
        order = next((kind for kind in _ORDER_KINDS if kind in kinds), "")
        if not order or not sentence.free(number, 1):
            continue
        for near in (number + 1, number - 1):
            if 0 <= near < len(sentence.words) and sentence.free(near, 1):
                count = _counted(sentence.words[near])
                if count:
                    marks.most, marks.order = count, "least" if order == "bottom" else "most"
                    sentence.use(near, 1, "top")
                    sentence.use(number, 1, "top")
                    break


def _counted(word: str) -> int:
    return int(word) if _COUNT.fullmatch(word) else _NUMBER_WORDS.get(word, 0)


def _mark_phrases(marks: SentenceMarks) -> None:
    sentence, lexicon = marks.sentence, vocabulary()
    for length in range(min(lexicon.longest, len(sentence.words)), 0, -1):
        for begin in range(len(sentence.words) - length + 1):
            if not sentence.free(begin, length):
                continue
            senses = lexicon.senses(tuple(sentence.words[begin : begin + length]))
            if senses:
                _note(marks, begin, length, senses)


def _note(marks: SentenceMarks, begin: int, length: int, senses: Sequence[Sense]) -> None:
    kinds = {sense.kind for sense in senses}
    if "intents" in kinds and not _leads(marks, begin) and kinds <= {"intents", "stop", "negators"}:
        if "stop" in kinds:
            marks.sentence.use(begin, length, "stop")
        return  # "the last audit" asks for none
    for sense in senses:
        if sense.kind != "intents" or _leads(marks, begin):
            marks.senses[sense.kind].append((begin, sense.value))
    if "negators" in kinds and kinds <= {"negators", "stop"}:
        marks.negated.append(" ".join(marks.sentence.words[begin : begin + length]))
    marks.sentence.use(begin, length, "/".join(sorted(kinds)))


def _leads(marks: SentenceMarks, begin: int) -> bool:
    """Say whether nothing but courtesies stands before a place."""
    lexicon = vocabulary()
    before = marks.sentence.words[:begin]
    return all(any(sense.kind in ("stop", "follow") for sense in lexicon.senses((word,))) for word in before)


def _mark_left_over(marks: SentenceMarks, names: LedgerNames) -> None:
    """Link what is left to names in part or nearly so, or to a slip of our words; else it is unread."""
    for begin, length in list(marks.sentence.runs()):
        if not _link(marks, names, begin, length):
            for number in range(begin, begin + length):
                if marks.sentence.free(number, 1) and not _link(marks, names, number, 1):
                    _correct(marks, number)


def _link(marks: SentenceMarks, names: LedgerNames, begin: int, length: int) -> bool:
    words = " ".join(marks.sentence.words[begin : begin + length])
    if length == 1 and (len(words) < _LEAST_PART or _slip(words)):
        return False
    called = names.partly(words) or names.alike(words)
    if not called:
        return False
    _take(marks, begin, length, called)
    return True


def _correct(marks: SentenceMarks, number: int) -> None:
    word = marks.sentence.words[number]
    near = _slip(word)
    if not near:
        marks.unread.append(word)
        return
    marks.corrected.append((word, near))
    _note(marks, number, 1, vocabulary().senses((near,)))
    if marks.sentence.free(number, 1):
        marks.unread.append(word)


@lru_cache(maxsize=1000)
def _slip(word: str) -> str:
    """Give the word of ours that a misspelt one stands for; "" for none."""
    if len(word) < _LEAST_SLIP or not word.isalpha():
        return ""
    near = process.extractOne(word, vocabulary().single_words(), scorer=fuzz.ratio, score_cutoff=_SLIP)
    return near[0] if near else ""
