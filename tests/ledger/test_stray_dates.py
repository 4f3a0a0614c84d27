"""A posting dated long after all others is a mistake to name, not the day up to which books are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.ledger.conftest import SETTINGS
from tests.ledger.test_propose import proposed
from tools.books.engine import Books
from tools.ledger import Window, read
from tools.ledger import sources as declared
from tools.ledger.guess.vocabulary import words

FIRST = date(2025, 1, 6)
DAILY = [FIRST + timedelta(days=n) for n in range(80)]
QUARTERLY = [FIRST + timedelta(days=91 * n) for n in range(14)]


def _books(folder: Path, days: Sequence[date]) -> None:
    rows = [f"C{n:03},{day},Alder Supply,{20 + n}.50,Ada" for n, day in enumerate(days)]
    (folder / "card.csv").write_text("\n".join(["charge_id,date,merchant,amount,cardholder", *rows]))


@pytest.mark.parametrize(
    ("days", "stray"),
    [
        pytest.param(DAILY, [DAILY[-1] + timedelta(days=250)], marks=pytest.mark.exhaustive),
        (DAILY * 3, [DAILY[-1] + timedelta(days=200), DAILY[-1] + timedelta(days=201)]),
        pytest.param(DAILY, [DAILY[-1] + timedelta(days=100)], marks=pytest.mark.exhaustive),
        pytest.param(
            DAILY * 3,
            [DAILY[-1] + timedelta(days=200), DAILY[-1] + timedelta(days=900)],
            marks=pytest.mark.exhaustive,
        ),
        pytest.param(DAILY, [], marks=pytest.mark.exhaustive),
        (
            [FIRST - timedelta(days=3_650), *DAILY * 3],
            [DAILY[-1] + timedelta(days=170)],
        ),  # two mistyped years
        (QUARTERLY, []),  # its usual rhythm
        (DAILY, [DAILY[-1] + timedelta(days=60)]),  # a quiet month, no mistake
        (DAILY[:8], [DAILY[-1] + timedelta(days=250)]),  # too few to tell
    ],
)
def test_the_day_of_the_audit_leaves_stray_days_out(
    tmp_path: Path, days: list[date], stray: list[date]
) -> None:
    """Few postings after a long gap are no newest posting; they are read, for a test to name them."""
    _books(tmp_path, [*days, *stray])
    entity = proposed(tmp_path)["entity"]
    far = bool(stray) and stray[0] - max(days) > timedelta(days=92) and len(days) > 12
    assert entity["as_of"] == (max(days) if far else max([*days, *stray]))
    read(declared.load(tmp_path / "sources.yaml"), Window({}, entity["as_of"]), SETTINGS, tmp_path / "to_day")
    with Books.open(tmp_path / "to_day", SETTINGS) as books:
        assert books.count("txn") == len(days) + len(stray)


def test_rows_of_the_next_months_wait_for_the_next_audit(tmp_path: Path) -> None:
    """Postings after the day of the audit that follow their rhythm are not of its window."""
    _books(tmp_path, DAILY)
    proposed(tmp_path)
    read(declared.load(tmp_path / "sources.yaml"), Window({}, DAILY[49]), SETTINGS, tmp_path / "to_day")
    with Books.open(tmp_path / "to_day", SETTINGS) as books:
        assert books.count("txn") == 50


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("MERCHNUM", ("merchant", "number")),
        ("CUSTNUM", ("customer", "number")),
        ("invno", ("invoice", "number")),
        ("Kundennr", ("customer", "number")),
        ("tranamt", ("transaction", "amount")),
        ("Momentum", ("momentum",)),
        ("casino", ("casino",)),
    ],
)
def test_two_words_written_as_one_are_two(name: str, split: tuple[str, ...]) -> None:
    """Systems that know no spaces write short words together; a word that only looks so stays one."""
    assert words(name) == split
