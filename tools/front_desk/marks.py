"""What was seen in a sentence, before it is known what is asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Final

from tools.front_desk.figures import Figure
from tools.front_desk.names import LedgerName
from tools.front_desk.period.calendar import DatePeriod
from tools.front_desk.sentence import Sentence

# Words before a period that may as well end a phrase: "came in last week".
PREPOSITIONS: Final = ("in", "for", "of", "im", "fuer")
OVER_TIME: Final = frozenset({"over time", "trend", "verlauf", "im zeitverlauf"})
STEPS: Final = frozenset({"day", "week", "month", "quarter", "year"})
_NEAR: Final = 3  # words between "by" or "which" and what is meant
# What a name narrows, by its kind.
NARROWED: Final = {
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
    placed: dict[int, tuple[int, list[LedgerName]]] = field(default_factory=dict)  # at a word: length, names
    left_out: list[LedgerName] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)
    over: Decimal | None = None
    under: Decimal | None = None
    inclusive: set[str] = field(default_factory=set)
    least_days: int = 0
    most_days: int = 0
    days: str = ""  # the words from "more than" to "days"
    mean_over: str = ""
    limit: tuple[int, int] | None = None  # the words from "over" to the amount
    most: int = 0
    order: str = ""
    senses: dict[str, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    lengths: dict[int, int] = field(default_factory=dict)
    period_places: list[int] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    negated: list[str] = field(default_factory=list)
    corrected: list[tuple[str, str]] = field(default_factory=list)
    as_of: date = date.min
    computable: Callable[[Figure], bool] = field(default=lambda _: True, compare=False)

    def phrase(self, place: int) -> str:
        """Give the words that were read as one phrase from a place on."""
        return " ".join(self.sentence.words[place : place + self.lengths.get(place, 1)])

    @property
    def grouping_places(self) -> set[int]:
        """Give the places of what only says by what to split: the vendor of "spend by vendor"."""
        markers = [place for place, _ in self.senses["by"]]
        return {
            place
            for place, _ in self.senses["dimensions"]
            if any(0 < place - marker <= _NEAR for marker in markers)
        }

    @property
    def described(self) -> set[int]:
        """Give the places of what only says whose: of "supplier bills" the bills are asked for."""
        nouns = {place for place, _ in self.senses["nouns"]}
        return {
            place
            for place, _ in self.senses["dimensions"]
            if place + self.lengths[place] in nouns and not self.is_plural(place)
        }

    def is_plural(self, place: int) -> bool:
        """Say whether a word names several things."""
        return self.sentence.words[place].endswith(("s", "en", "ies", "people"))

    @property
    def asked_nouns(self) -> list[str]:
        """Give the nouns of what is asked for, beside those by which it is split."""
        grouping = self.grouping_places
        return list(
            dict.fromkeys(noun for place, noun in sorted(self.senses["nouns"]) if place not in grouping)
        )

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
            or self._is_ranking
            or self._superlative_near(place)
        ]
        who = [] if self.has("dimensions") else self._asked_after
        adverbs = self.values("adverbs")
        if named and {*adverbs} == {"month"} and self._is_over_time(named):
            adverbs = []  # "trend by quarter"
        return list(dict.fromkeys([*adverbs, *named, *who]))

    @property
    def _is_ranking(self) -> bool:
        """Say whether a ranking is asked for: "rank vendors by spend"."""
        return any(self.phrase(place).startswith(("rank", "rang")) for place, _ in self.senses["ordered"])

    def _is_over_time(self, named: list[str]) -> bool:
        """Say whether a course in time is asked for, whose steps another word names."""
        words = {self.phrase(place) for place, _ in self.senses["adverbs"]}
        return words <= OVER_TIME and {*named} <= STEPS

    @property
    def _asked_after(self) -> list[str]:
        """Give what "who" asks after: people of ours, or vendors where we are who pays: "who did we pay"."""
        return ["vendor"] if self.has("whom") else ["person"] if self.has("who") else []

    def _superlative_near(self, place: int) -> bool:
        """Say whether the greatest is asked for: "biggest vendor", "the vendor with the highest"."""
        orders = [near for sense in ("top", "bottom") for near, _ in self.senses[sense]]
        after = place + self.lengths.get(place, 1)
        has_it = self.sentence.words[after : after + 1] in (["with"], ["mit"], ["having"])
        return any(0 < place - near <= 2 or (has_it and 0 < near - place <= _NEAR) for near in orders)  # noqa: PLR2004 - words

    @property
    def superlative(self) -> bool:
        """Say whether the greatest or least part is asked for."""
        return bool(self.order) or self.has("top") or self.has("bottom")

    @property
    def plural(self) -> bool:
        """Say whether several parts are asked for: "which vendors", not "which vendor"."""
        places = [place for place, _ in self.senses["dimensions"]]
        return any(map(self.is_plural, places))

    @property
    def lists(self) -> bool:
        """Say whether rows are asked for: "list", "which invoices"."""
        asks_which = self.has("which") and not (self.by or self.has("share"))
        rows_in_order = (self.most or self.has("ordered")) and not self.by
        return self.has("listing") or asks_which or bool(rows_in_order)

    @property
    def weekdays(self) -> list[str]:
        """Give the days of the week that are named, 1 for Monday to 7, and weekend."""
        return self.values("weekdays")

    @property
    def direction(self) -> str:
        """Say whether rises or falls are asked for, or any change."""
        directions = self.values("direction")
        return directions[0] if len(directions) == 1 else "change" if directions else ""

    @property
    def currencies(self) -> list[str]:
        """Give the currencies that are named, by their codes."""
        named = [name.label for name in self.names if name.kind == "currency"]
        return list(dict.fromkeys([*named, *self.values("currencies")]))

    def filters(self) -> dict[str, list[str]]:
        """Give the keys of the names, by what they narrow."""
        chosen = _keys(self.names)
        severities = self.values("severities")
        return {**chosen, **({"severities": severities} if severities else {})}

    def exceptions(self) -> dict[str, list[str]]:
        """Give the keys of the names that are left out, by what they would narrow."""
        return _keys(self.left_out)


def _keys(names: list[LedgerName]) -> dict[str, list[str]]:
    chosen: dict[str, list[str]] = {}
    for name in names:
        if name.kind in NARROWED:
            chosen.setdefault(NARROWED[name.kind], []).extend(name.keys)
    return chosen


def in_other_years(marks: SentenceMarks) -> list[SentenceMarks]:
    """Give the marks, and those with the other periods that the same words may mean."""
    if not any(period.or_else and period.or_else != period for period in marks.periods):
        return [marks]
    return [marks, replace(marks, periods=[period.or_else or period for period in marks.periods])]
