"""What a sentence was understood to ask: JSON primitives that travel in the graph's state and the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

from tools.front_desk import figures
from tools.front_desk.answering import EVERYTHING, MOST_PARTS, SHOWN, Query
from tools.front_desk.period.calendar import DatePeriod

OTHER_THAN: Final = "other than"  # ends the kind of an entity that is left out
Status = Literal["understood", "choose", "unread", "out_of_scope", "refused"]
IntentType = Literal[
    "SECURITY_ASSESSMENT", "CODE_GENERATION", "CODE_REVIEW", "DEBUGGING", "TESTING", "ANALYSIS", "GENERAL"
]
Pattern = Literal["direct", "chain", "parallel", "hierarchical", "refine", "human_first"]
# Our intents with the brief's type for each.
INTENTS: Final[Mapping[str, IntentType]] = {
    "figure": "ANALYSIS", "list": "ANALYSIS", "compare": "ANALYSIS", "define": "GENERAL",
    "assess_controls": "SECURITY_ASSESSMENT", "draft_test": "CODE_GENERATION",
    "change_suppress": "CODE_GENERATION", "change_threshold": "CODE_GENERATION",
    "review_change": "CODE_REVIEW", "rollback": "CODE_REVIEW", "explain": "DEBUGGING",
    "run_incident": "DEBUGGING", "run_audit": "TESTING", "run_feedback": "TESTING", "run_recovery": "TESTING",
    "run_programme": "TESTING", "several_in_turn": "TESTING", "several_at_once": "TESTING",
    "decide": "GENERAL", "help": "GENERAL", "out_of_scope": "GENERAL",
}  # fmt: skip


@dataclass(frozen=True)
class Understanding:
    """One reading of a sentence.

    choices: where it could mean several things, each with its label and the reading that it stands for.
    also: readings of further figures that the same sentence asks for.
    inclusive: which of over and under belong to what they bound. least_days, most_days: of being late.
    counted: the dimension whose different values are counted. mean_over: of what the mean is taken, month or
    vendor. share: what makes the part of a whole: filters by name, limit, days, left_out, first, split;
    whole: its figure where that is another. rank: rise, fall or change, by which parts are in order.
    unread: content words that nothing was made of. why: of what was not understood, or is refused.
    own_subject: that what was not read names what it asks for: nothing goes on with a question before.
    entities: what the words were linked to, as (kind, label) in words. corrected: (as typed, as read).
    """

    status: Status
    intent: str = "out_of_scope"
    figure: str = ""
    by: str = ""
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    left_out: Mapping[str, Sequence[str]] = field(default_factory=dict)
    currency: str = ""
    over: str = ""
    under: str = ""
    inclusive: Sequence[str] = ()
    least_days: int = 0
    most_days: int = 0
    counted: str = ""
    mean_over: str = ""
    share: Sequence[str] = ()
    whole: str = ""
    rank: str = ""
    in_percent: bool = False
    period: Sequence[str | None] = ()
    compared: Sequence[str | None] = ()
    most: int = 0
    order: str = "most"
    entities: Sequence[Sequence[str]] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    echo: str = ""
    confidence: float = 1.0
    unread: Sequence[str] = ()
    choices: Sequence[Mapping[str, Any]] = ()
    also: Sequence[Mapping[str, Any]] = ()
    own_subject: bool = False
    why: str = ""
    suggestions: Sequence[str] = ()
    corrected: Sequence[Sequence[str]] = ()
    read_by: str = "grammar"

    @property
    def intent_type(self) -> IntentType:
        """Give the brief's type of intent."""
        return INTENTS[self.intent]

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON primitives."""
        return {**asdict(self), "intent_type": self.intent_type}

    def query(self, *, compared: bool = False) -> Query:
        """Give the query of a figure; compared: of the period that it is held against."""
        return Query(
            figures.by_name(self.figure),
            period_of(self.compared if compared else self.period),
            self.by,
            {name: tuple(values) for name, values in self.filters.items()},
            self.currency,
            Decimal(self.over) if self.over else None,
            Decimal(self.under) if self.under else None,
            self.most or Query.most,
            self.order,
            {name: tuple(values) for name, values in self.left_out.items()},
            MOST_PARTS if self.intent == "list" else SHOWN,
            tuple(self.inclusive),
            self.least_days or None,
            self.most_days or None,
            self.counted,
        )


def from_dict(fields: Mapping[str, Any]) -> Understanding:
    """Read an understanding as it was written."""
    return Understanding(**{name: value for name, value in fields.items() if name != "intent_type"})


def readings_of(reading: Understanding) -> list[Understanding]:
    """Give the readings that one offers to choose from; itself where it offers none."""
    return [from_dict(choice["reading"]) for choice in reading.choices] or [reading]


def as_list(period: DatePeriod | None) -> list[str | None]:
    """Write a period as JSON."""
    if period is None:
        return []
    return [day.isoformat() if day else None for day in (period.start, period.end)] + [period.label]


def period_of(fields: Sequence[str | None]) -> DatePeriod:
    """Read a period; an empty one is all that the books hold."""
    if not fields:
        return EVERYTHING
    start, end = (date.fromisoformat(text) if text else None for text in fields[:2])
    return DatePeriod(start, end, str(fields[2]))
