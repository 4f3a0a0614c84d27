"""What reviewers said: flags with everybody's last word on each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from tools.store import Store
from tools.store.models import Flag, FlagEvent, Run
from tools.store.writes import in_batches

Verdict = Literal["confirmed", "false_positive", "needs_information"]
VERDICTS: tuple[Verdict, ...] = ("confirmed", "false_positive", "needs_information")


@dataclass(frozen=True)
class ReviewedFlag:
    """A flag with each reviewer's last word. exposure: minor units of the entity's currency.

    started_by: who started the run that raised it; what this person says of it counts for nothing.
    """

    flag_id: str
    run_id: str
    row_key: str
    vendor: str
    test: str
    severity: str
    exposure: int
    started_by: str
    votes: dict[str, Verdict]

    @property
    def counted(self) -> dict[str, Verdict]:
        """Give the words that count: not those of whoever started the run."""
        return {by: word for by, word in self.votes.items() if by != self.started_by}

    @property
    def verdict(self) -> Verdict | None:
        """Give what the flag counts as: confirmed when anybody says so; None when nobody's word counts."""
        return judged(self.counted.values())

    @property
    def disputed(self) -> bool:
        """Say whether one confirmed what another called false."""
        return {"confirmed", "false_positive"} <= set(self.counted.values())

    def without(self, reviewer: str) -> Verdict | None:
        """Give what the flag counts as when one reviewer is left out."""
        return judged(word for by, word in self.counted.items() if by != reviewer)


def judged(words: Iterable[Verdict]) -> Verdict | None:
    """Put several words into one: the one that is hardest on the books."""
    verdicts = set(words)
    if "confirmed" in verdicts:
        return "confirmed"
    if "needs_information" in verdicts:
        return "needs_information"
    return "false_positive" if verdicts else None


def between(store: Store, since: datetime, until: datetime) -> list[ReviewedFlag]:
    """Give the flags that somebody reviewed in a time, with all that was said of them up to its end."""
    spoken = FlagEvent.kind.in_(VERDICTS)
    with store.read() as session:
        named = session.scalars(
            select(FlagEvent.flag_id).where(spoken, FlagEvent.at >= since, FlagEvent.at < until).distinct()
        )
        return _of_flags(store, sorted(named), until)


def ever(store: Store, row_keys: Sequence[str], until: datetime) -> dict[str, Verdict]:
    """Give what rows were ever found to be, by row; of several words the hardest.

    Whoever started the run is heard when confirming alone.
    """
    words: dict[str, list[Verdict]] = defaultdict(list)
    with store.read() as session:
        for batch in in_batches(list(row_keys)):
            named = list(session.scalars(select(Flag.flag_id).where(Flag.row_key.in_(batch))))
            for flag in _of_flags(store, named, until):
                words[flag.row_key] += flag.counted.values()
                words[flag.row_key] += [word for word in flag.votes.values() if word == "confirmed"]
    return {key: word for key, verdicts in words.items() if (word := judged(verdicts))}


def confirmed(store: Store, vendor: str, test: str, until: datetime) -> list[ReviewedFlag]:
    """Give the flags of a vendor and test that anybody ever confirmed."""
    with store.read() as session:
        named = session.scalars(
            select(FlagEvent.flag_id)
            .join(Flag, Flag.flag_id == FlagEvent.flag_id)
            .where(FlagEvent.kind == "confirmed", FlagEvent.at < until, Flag.lead_test == test)
            .distinct()
        )
        reviewed = _of_flags(store, sorted(named), until)
    return [
        flag
        for flag in reviewed
        if flag.vendor.casefold() == vendor.casefold() and judged(flag.votes.values()) == "confirmed"
    ]


def _of_flags(store: Store, flag_ids: Sequence[str], until: datetime) -> list[ReviewedFlag]:
    reviewed = []
    with store.read() as session:
        for batch in in_batches(flag_ids):
            votes: dict[str, dict[str, Verdict]] = defaultdict(dict)
            events = select(FlagEvent).where(
                FlagEvent.flag_id.in_(batch), FlagEvent.kind.in_(VERDICTS), FlagEvent.at < until
            )
            for event in session.scalars(events.order_by(FlagEvent.event_id)):
                votes[event.flag_id][event.by] = _verdict(event.kind)
            rows = session.execute(
                select(Flag, Run.started_by)
                .join(Run, Run.run_id == Flag.run_id)
                .where(Flag.flag_id.in_(batch))
            )
            reviewed += [_reviewed(flag, by, votes[flag.flag_id]) for flag, by in rows if votes[flag.flag_id]]
    return sorted(reviewed, key=lambda flag: flag.flag_id)


def _verdict(word: str) -> Verdict:
    return next(verdict for verdict in VERDICTS if verdict == word)


def _reviewed(flag: Flag, started_by: str, votes: dict[str, Verdict]) -> ReviewedFlag:
    return ReviewedFlag(
        flag_id=flag.flag_id,
        run_id=flag.run_id,
        row_key=flag.row_key,
        vendor=flag.vendor or "",
        test=flag.lead_test or "",
        severity=flag.severity,
        exposure=flag.exposure_base,
        started_by=started_by,
        votes=votes,
    )
