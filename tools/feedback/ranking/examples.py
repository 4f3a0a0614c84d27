"""Reviewed cases as examples: what was known when they were raised, and what they turned out to be."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select

from tools.core.clock import clock
from tools.feedback import reviews
from tools.store import Store
from tools.store.models import REVIEWABLE, Flag
from tools.store.writes import in_batches

Features = dict[str, str | float]
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_OUTCOMES = ("confirmed", "false_positive")  # verdicts that say what a flag turned out to be


@dataclass(frozen=True)
class Example:
    """One case: its flags' features, its exposure in minor units, when it was reviewed first, what it was."""

    case_id: str
    flags: tuple[Features, ...]
    exposure: int
    reviewed_at: datetime
    upheld: bool


def reviewed(store: Store) -> tuple[list[Example], int]:
    """Give the cases that people reviewed, in the order of their first review, and how many flags that is.

    Confirmed against false positive, by the words that count (`ReviewedFlag.verdict`): those that need
    information teach nothing yet. A case is upheld when any of its flags is.
    """
    until = clock().now()
    verdicts = {flag.flag_id: flag.verdict for flag in reviews.between(store, _EVER, until)}
    upheld = {name: word == "confirmed" for name, word in verdicts.items() if word in _OUTCOMES}
    by_case: dict[str, list[Flag]] = defaultdict(list)
    for flag in _flags(store, sorted(upheld)):
        by_case[flag.case_id or flag.flag_id].append(flag)
    examples = [_example(name, flags, upheld) for name, flags in by_case.items()]
    return sorted(examples, key=lambda case: (case.reviewed_at, case.case_id)), len(upheld)


def waiting(store: Store) -> Iterable[tuple[str, list[Features]]]:
    """Give each case that has a flag to decide or review, with the features of all such flags."""
    open_flags = Flag.review.is_(None) & Flag.status.in_(REVIEWABLE)
    query = select(Flag.case_id).where(open_flags, Flag.case_id.is_not(None)).distinct()
    with store.read() as session:
        case_ids = sorted(str(name) for name in session.scalars(query))
        for batch in in_batches(case_ids):
            by_case: dict[str, list[Features]] = defaultdict(list)
            for flag in session.scalars(select(Flag).where(Flag.case_id.in_(batch), open_flags)):
                by_case[str(flag.case_id)].append(features(flag))
            yield from by_case.items()


def newest_review(store: Store) -> datetime | None:
    """Give when a flag was reviewed last."""
    with store.read() as session:
        return session.scalar(select(func.max(Flag.reviewed_at)))


def features(flag: Flag) -> Features:
    """Give what the desk knew of a flag when it raised it: nothing that a person said or did since."""
    tests = [test for test in flag.tests if isinstance(test, Mapping)]
    papers = [paper for paper in flag.documents if isinstance(paper, Mapping) and paper.get("found")]
    test, vendor = flag.lead_test or "", (flag.vendor or "").casefold()
    return {
        "test": test,
        "source": flag.source,
        "vendor": vendor,
        "test and vendor": f"{test}|{vendor}",
        "person": flag.person or "",
        "test and source": f"{test}|{flag.source}",
        "score": flag.score / 100,
        "confidence": flag.confidence,
        "log of exposure": math.log10(1 + abs(flag.exposure_base)) / 10,
        "round": float(flag.amount_minor % 10_000 == 0),
        "tests": min(len(tests), 5) / 5,
        "documents": min(len(papers), 5) / 5,
        **{f"also {further['test']}": 1.0 for further in tests if further.get("test") != test},
    }


def _example(case_id: str, flags: Sequence[Flag], upheld: Mapping[str, bool]) -> Example:
    return Example(
        case_id,
        tuple(features(flag) for flag in flags),
        sum(flag.exposure_base for flag in flags),
        min(flag.reviewed_at or flag.created_at for flag in flags),
        any(upheld[flag.flag_id] for flag in flags),
    )


def _flags(store: Store, flag_ids: Sequence[str]) -> Iterable[Flag]:
    with store.read() as session:
        for batch in in_batches(flag_ids):
            yield from session.scalars(select(Flag).where(Flag.flag_id.in_(batch)))
