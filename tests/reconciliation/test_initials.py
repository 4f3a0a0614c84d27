"""Parties that are written in initials, with amounts that differ; and equal amounts under another name."""

from __future__ import annotations

from typing import Any

import pytest

from tests.reconciliation.conftest import reconciled
from tests.reconciliation.initialbook import InitialBook
from tests.variations import first_of

Row = dict[str, Any]
LEAST_RECALL = 0.95
LEAST_PRECISION = 0.99


def moved(source: str, name: str, day: int, amount: int, memo: str) -> Row:
    """Make a row of April 2025."""
    return {"row_key": name, "txn_id": name, "source": source, "kind": source, "description": memo,
            "posted_on": f"2025-04-{day:02}", "amount_minor": amount}  # fmt: skip


def pairs(rows: list[Row]) -> set[tuple[str, str]]:
    """Match the rows one to one, within ten days and ten percent."""
    return reconciled(rows, mode="one_to_one", window_days=10, tolerance=0.10).pairs


@pytest.mark.parametrize("seed", first_of(range(2)))
def test_initials_with_amounts_that_differ_are_matched(seed: int) -> None:
    """Nearly all, and nearly none that do not belong together."""
    book = InitialBook(seed)
    matched = pairs(book.rows)
    right = len(matched & book.truth)
    assert right >= LEAST_RECALL * len(book.truth)
    assert right >= LEAST_PRECISION * len(matched)


def test_initials_stand_for_a_whole_name() -> None:
    """M H is Margaret Hollingworth where the amounts come near, and J B is not."""
    rows = [
        moved("bank", "b1", 3, 50_000, "MARGARET HOLLINGWORTH payment"),
        moved("ledger", "l1", 4, 48_800, "M H BGC"),
        moved("ledger", "l2", 4, 48_900, "J B BGC"),
        moved("bank", "b2", 9, 7_700, "OWEN DUVAL payment"),
        moved("ledger", "l3", 9, 7_700, "O D CSH"),
    ]
    assert pairs(rows) == {("b1", "l1"), ("b2", "l3")}


def test_a_name_with_a_small_difference_beats_an_equal_amount_under_another_name() -> None:
    """One that is the same person's, three days later; the equal amount is somebody else's."""
    rows = [
        moved("bank", "b1", 2, 7_291, "JOHN HALDANE money"),
        moved("ledger", "l1", 5, 7_526, "JOHN HALDANE money"),
        moved("ledger", "l8", 4, 7_291, "DORA BELLMAN money"),
        moved("bank", "b3", 11, 81_240, "RUTH ARKWRIGHT payment"),
        moved("ledger", "l3", 12, 81_240, "RUTH ARKWRIGHT BGC"),
    ]
    assert pairs(rows) == {("b1", "l1"), ("b3", "l3")}


def test_an_equal_amount_under_another_name_stands_where_nothing_speaks_against_it() -> None:
    """No row of its own name is near: a trade name, or a bank's words."""
    rows = [
        moved("bank", "b1", 2, 7_291, "JOHN HALDANE money"),
        moved("ledger", "l8", 3, 7_291, "KERB CABS LTD"),
        moved("bank", "b3", 11, 81_240, "RUTH ARKWRIGHT payment"),
        moved("ledger", "l3", 12, 81_240, "RUTH ARKWRIGHT BGC"),
    ]
    assert pairs(rows) == {("b1", "l8"), ("b3", "l3")}


@pytest.mark.parametrize(
    ("written", "short", "another"),
    [
        ("Иван Кузнецов оплата", "ИВАН КУЗНЕЦОВ", "ОЛЬГА ПОПОВА"),
        ("Щ Ю", "Щ Ю перевод", "ПЁТР ЯШИН"),
        ("株式会社青葉商店", "株式会社青葉商店 振込", "日本光学"),
        ("Łucja Żurawska", "LUCJA ZURAWSKA przelew", "JAN DOMBEK"),
    ],
)
def test_names_are_compared_in_any_script(written: str, short: str, another: str) -> None:
    """Letters of any script are letters: a name with a difference beats an equal amount."""
    rows = [
        moved("bank", "b1", 2, 7_291, written),
        moved("ledger", "l1", 4, 7_526, short),
        moved("ledger", "l8", 3, 7_291, another),
        moved("bank", "b2", 11, 81_240, "RUTH ARKWRIGHT payment"),
        moved("ledger", "l2", 12, 81_240, "RUTH ARKWRIGHT BGC"),
    ]
    assert pairs(rows) == {("b1", "l1"), ("b2", "l2")}
