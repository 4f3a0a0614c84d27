"""Thresholds move by a step, up to an amount and until a day, and go back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import repeat
from pathlib import Path

import pytest

from tests.books import make_books
from tools.checks.runner import run_tests
from tools.core.settings import Settings
from tools.feedback import changes, proposing, thresholds
from tools.feedback.case import ChangeCase, ReviewGroup
from tools.feedback.changes import Change
from tools.feedback.defences import refusals
from tools.feedback.replay import Past, Replayed
from tools.feedback.reviews import ReviewedFlag, Verdict
from tools.rules.learned import Learned, Threshold
from tools.rules.model import Rules
from tools.store import connect

DAY = date(2025, 12, 31)
TEST = "amount_outside_sigma"
SIGMA = thresholds.tunable(TEST)
FALSE: Verdict = "false_positive"
TRUE: Verdict = "confirmed"
ON = {TEST: {"enabled": True}}


def _rules(sigma: float | None = None, *, expires: date = DAY, most: str = "500.00") -> Rules:
    thresholds = [Threshold(test=TEST, parameters={"sigma": sigma}, most=Decimal(most), expires=expires)]
    return Rules(tests=dict(ON), learned=Learned(thresholds=thresholds if sigma else []))


def _rows_and_note(folder: Path, rules: Rules, odd: int) -> tuple[list[str], str]:
    """Run the test over twelve amounts near 100.00 and an odd one; give the rows found and its note."""
    folder.mkdir()
    txn = [
        {"posted_on": f"2025-03-{day:02}", "vendor_name": "A", "amount_minor": 10_000 + 200 * (day % 3)}
        for day in range(1, 13)
    ]
    odd_row = {"posted_on": "2025-03-20", "vendor_name": "A", "amount_minor": odd, "row_key": "odd"}
    books = make_books(folder, txn=[*txn, odd_row])
    assert SIGMA is not None
    (result,) = run_tests(books, [SIGMA.book_test], rules)
    rows = [row["row_key"] for row in books.rows("SELECT row_key FROM finding ORDER BY 1")]
    books.close()
    return rows, result.note


def test_a_loosened_threshold_finds_less_below_its_amount(tmp_path: Path) -> None:
    """Of 13 rows the odd one lies 3.3 deviations off: at 3.5 it is not found, above the amount it is."""
    assert _rows_and_note(tmp_path / "own", _rules(), 20_000)[0] == ["odd"]
    assert _rows_and_note(tmp_path / "loose", _rules(3.5), 20_000)[0] == []
    assert _rows_and_note(tmp_path / "above", _rules(3.5, most="150.00"), 20_000)[0] == ["odd"]
    assert _rows_and_note(tmp_path / "near", _rules(3.0), 20_000)[0] == ["odd"]


def test_a_threshold_expires_by_the_day_of_the_books(tmp_path: Path) -> None:
    """The day after, the test's own parameters stand, and the result says that it has expired."""
    rows, note = _rows_and_note(tmp_path / "held", _rules(3.5), 20_000)
    expired, why = _rows_and_note(tmp_path / "gone", _rules(3.5, expires=date(2025, 12, 30)), 20_000)
    assert (rows, expired) == ([], ["odd"])
    assert "sigma = 3.5 up to 500.00, until 2025-12-31: learned from reviews" in note
    assert "sigma = 3.5: learned, expired on 2025-12-30" in why


@pytest.mark.parametrize(
    ("now", "steps", "then"),
    [(None, 1, 3.0), (3.0, 1, 3.5), (4.5, 1, None), (3.0, -1, 2.5), (None, -1, None)],
)
def test_how_far_a_threshold_moves(now: float | None, steps: int, then: float | None) -> None:
    """Half a deviation a time, never under the test's own, never more than four steps over."""
    assert SIGMA is not None
    moved = thresholds.moved(SIGMA, _rules(now), steps, DAY)
    assert (moved and moved["sigma"]) == then


def _flags(false: int, confirmed: int, reviewers: int = 2) -> list[ReviewedFlag]:
    words: list[Verdict] = [*repeat(FALSE, false), *repeat(TRUE, confirmed)]
    return [
        ReviewedFlag(
            f"f{i}", "r1", f"k{i}", "A", TEST, "WARNING", 1000 + i, "riley", {f"by{i % reviewers}": word}
        )
        for i, word in enumerate(words)
    ]


def _group(kind: changes.Kind, flags: list[ReviewedFlag], limit: float) -> ReviewGroup:
    return ReviewGroup(kind, TEST, "", flags, limit)


@pytest.mark.parametrize(
    ("false", "confirmed", "sigma", "kinds"),
    [
        (6, 4, None, ["loosen"]),
        (5, 5, None, []),  # not above a half
        (9, 0, None, []),  # too few
        (0, 12, None, ["tighten"]),
        (1, 11, None, ["tighten"]),
        (2, 12, None, []),  # not under a tenth
    ],
)
def test_what_reviews_speak_for(false: int, confirmed: int, sigma: float | None, kinds: list[str]) -> None:
    """Above half loosens, under a tenth tightens; fewer than ten say nothing."""
    groups = proposing.groups(_flags(false, confirmed), _rules(sigma))
    assert [group.kind for group in groups if group.kind != "suppress"] == kinds


def test_loosen_and_tighten_are_each_other_s_undoing() -> None:
    """Back at the test's own there is nothing left to be learned."""
    loosen = proposing.change_of(_group("loosen", _flags(10, 0), 0.5), _rules(), DAY, "USD")
    assert loosen is not None
    learned = loosen.applied(Learned())
    threshold = learned.threshold(TEST)
    assert threshold is not None
    assert (threshold.parameters, threshold.most, threshold.expires) == (
        {"sigma": 3.0},
        Decimal("10.09"),
        date(2026, 3, 31),
    )
    loosened_rules = Rules(tests=dict(ON), learned=learned)
    tighten = proposing.change_of(_group("tighten", _flags(0, 12), 0.1), loosened_rules, DAY, "USD")
    assert tighten is not None
    assert tighten.applied(learned) == loosen.undone(learned) == Learned()


def test_nothing_is_tightened_that_was_not_loosened() -> None:
    """A test never goes under its own parameters, nor back from what has expired."""
    group = _group("tighten", _flags(0, 12), 0.1)
    assert proposing.change_of(group, _rules(), DAY, "USD") is None
    assert proposing.change_of(group, _rules(3.0, expires=date(2025, 1, 1)), DAY, "USD") is None


@pytest.mark.parametrize(
    ("flags", "why"),
    [
        (_flags(6, 4), "too few to be sure"),
        (_flags(20, 0, reviewers=1), "by0 alone called them false"),
        (_flags(20, 0, reviewers=1), "without by0 only 0"),
    ],
)
def test_what_speaks_against(flags: list[ReviewedFlag], why: str, tmp_path: Path) -> None:
    """Each defence gives its reason, whatever else holds."""
    group, rules = _group("loosen", flags, 0.5), _rules()
    change = proposing.change_of(group, rules, DAY, "USD")
    assert isinstance(change, Change)
    store = connect(f"sqlite:///{tmp_path}/none.db")
    past = Past(store, Settings(), flags_until(), [])
    against = refusals(ChangeCase(change, group, Replayed(runs=["r1"]), rules, past))
    store.close()
    assert why in "; ".join(against)
    assert "it would have changed nothing" in "; ".join(against)


def flags_until() -> datetime:
    """Give a time after everything."""
    return datetime(2026, 1, 1, tzinfo=UTC)
