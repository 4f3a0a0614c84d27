"""The learned order of the queue: in use where it gains on reviews that it has not seen; an order alone."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from desk.views.ranking import lines_of, ranking_row
from tests.desk.seeded import RUN, seed_store
from tools.feedback.ranking import held_back, learn
from tools.feedback.ranking.examples import features
from tools.store import Store, case_flags, cases, flags, queue
from tools.store.models import Flag
from tools.store.queue_filters import QueueFilters

VENDORS = [f"Vendor {n}" for n in range(12)]
_AT_ONCE = 65  # reviews at one moment
Truth = Callable[[int, random.Random], bool]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Give a desk with one run, which riley started."""
    opened = seed_store(f"sqlite:///{tmp_path}/desk.db")
    yield opened
    opened.close()


def test_the_order_gains_where_reviews_have_a_pattern(store: Store) -> None:
    """Simulated reviewers uphold what some vendors sent, whatever its exposure: the like comes first."""
    _review(store, 260, _of_some_vendors)
    before = flags.count(store)
    ranking = learn.learn(store, by="dana")
    assert ranking.in_use, ranking.reason
    assert ranking.measures["gain_at_least"] > 0
    assert ranking.measures["learned"] > ranking.measures["by_exposure"] + 0.1
    assert ranking.measures["brier"] < 0.25  # what a coin has
    assert flags.count(store) == before
    page = queue.page(store, QueueFilters(show="decide", order="chance"), size=500)
    by_exposure = queue.page(store, QueueFilters(show="decide"), size=500)
    assert {case.case_id for case in page.cases} == {case.case_id for case in by_exposure.cases}
    first = [case.case_id for case in page.cases if case.case_id.startswith("w")][:4]
    assert all(int(name[1:]) % 12 < 4 for name in first), first
    assert "reviewed flags" in " ".join(lines_of(ranking_row(learn.newest(store))))
    _page_through(store)


def test_the_order_is_off_where_nothing_is_gained(store: Store) -> None:
    """Reviews by chance, or too few, leave exposure's order, and say why; no chance is left behind."""
    _review(store, 150, _of_some_vendors)
    assert "it takes 200" in learn.learn(store, by="dana").reason
    _review(store, 260, lambda _, chance: chance.random() < 0.5)
    ranking = learn.learn(store, by="dana")
    assert not ranking.in_use
    assert "no gain that is sure" in ranking.reason
    assert case_flags.chances(store, [f"w{n:03}" for n in range(24)]) == {}


def _page_through(store: Store) -> None:
    """Go forward and back in the learned order: each case once, what no model has scored yet first."""
    filters = QueueFilters(order="chance")
    page, seen = queue.page(store, filters, size=40), []
    while True:
        seen += [case.case_id for case in page.cases]
        if page.after is None:
            break
        following = queue.page(store, filters, after=page.after, size=40)
        assert [
            case.case_id for case in queue.page(store, filters, before=following.before, size=40).cases
        ] == [case.case_id for case in page.cases]
        page = following
    assert len(seen) == len(set(seen)) == page.total


def test_a_precision_is_that_of_its_order() -> None:
    """Two upheld of four, read first and third: (1 + 2/3) / 2."""
    (by, upheld) = ([4.0, 3.0, 2.0, 1.0], [1.0, 0.0, 1.0, 0.0])
    assert held_back.precision(np.array(by), np.array(by), np.array(upheld)) == pytest.approx(5 / 6)


def test_nothing_that_people_said_is_a_feature() -> None:
    """What a reviewer or approver did with a flag is not what its chance is read from."""
    flag = Flag(
        **_flag(0), flag_id="f", status="rejected", review="false_positive", review_note="known to us"
    )
    words = str(features(flag))
    assert not any(word in words for word in ("rejected", "false_positive", "known to us"))


def _of_some_vendors(number: int, chance: random.Random) -> bool:
    return (number % 12 < 4) != (chance.random() < 0.1)


def _review(store: Store, count: int, truth: Truth) -> None:
    """Raise cases of one flag each, and have somebody say what they are; twenty-four more wait."""
    chance = random.Random(7)
    rows = [_flag(number) for number in range(count)]
    raised = flags.propose(store, RUN, rows)
    flag_ids = [*raised.new, *raised.known][:count]
    _cases(store, rows)
    for at in range(0, count, _AT_ONCE):
        words = {name: truth(at + n, chance) for n, name in enumerate(flag_ids[at : at + _AT_ONCE])}
        upheld, dismissed = ([name for name in words if words[name] is word] for word in (True, False))
        flags.review_all(store, upheld, "confirmed", by="omar")
        flags.review_all(store, dismissed, "false_positive", by="omar")
    waiting = [
        {**_flag(number), "case_id": f"w{number:03}", "row_key": f"w:{number}"} for number in range(24)
    ]
    flags.propose(store, RUN, waiting)
    _cases(store, waiting)


def _cases(store: Store, rows: Sequence[dict[str, Any]]) -> None:
    cases.save(
        store,
        RUN,
        [
            {
                "case_id": row["case_id"],
                "title": f"Case {row['case_id']}",
                "exposure_minor": row["exposure_minor"],
                "currency": "USD",
            }
            for row in rows
        ],
    )


def _flag(number: int) -> dict[str, Any]:
    amount = 1000 + (number * 7919) % 100_000
    return {
        "row_key": f"r:{number}",
        "source": "card",
        "case_id": f"r{number:03}",
        "vendor": VENDORS[number % len(VENDORS)],
        "amount_minor": amount,
        "exposure_minor": amount,
        "exposure_base": amount,
        "currency": "USD",
        "severity": "WARNING",
        "risk": "HIGH",
        "score": 60,
        "confidence": 0.7,
        "lead_test": ("duplicate_payment", "round_amount")[number % 2],
        "explanation": "",
        "tests": [{"test": "round_amount", "score": 60}],
        "documents": [],
        "components": {},
    }
