"""In a long book only rows are compared that differ from unrelated rows, and the matches stay the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.reconciliation.conftest import reconciled
from tests.reconciliation.test_kinds import bank, booked, families_of_firms, ordinary, reason
from tools.checks.reconciliation import size_limits
from tools.checks.reconciliation.one_to_one import differences
from tools.checks.reconciliation.one_to_one.chance_of_difference import UnrelatedPairs


def crowded(rows: int) -> list[dict[str, Any]]:
    """Pay one party every day, and book other payments to it: no two of them belong together."""
    amounts = np.random.default_rng(3).integers(1_000, 90_000, 2 * rows).tolist()
    paid = [bank(f"cb{at}", 1 + at % 28, -amounts[at], "ACH CROWDED HOUSE") for at in range(rows)]
    return paid + [
        booked(f"cl{at}", 1 + at % 28, -amounts[rows + at], "Crowded House Ltd") for at in range(rows)
    ]


@pytest.mark.parametrize("few", [2_000_000, 0])
def test_a_long_book_finds_the_same_slips(monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    """Slips of parties with few rows are found beside a party with a crowd of them, however listed."""
    monkeypatch.setattr(size_limits, "KIN_OF_ANY_AMOUNT", few)
    rows = [*families_of_firms(25), *crowded(200), bank("b", 12, -54_321, "ACH KESTREL OPTIK")]
    reconciliation = reconciled([*rows, booked("l", 11, -53_421, "Kestrel Optik GmbH")], as_of="2025-06-01")
    assert reason(reconciliation, "b", "l") == "transposed_digits"
    assert sum(reason(reconciliation, f"b{at}", f"l{at}") != "none" for at in range(60)) >= 57


def test_a_crowd_is_told_apart_by_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows with so many of their name around them that no date or reason could tell one are left out."""
    monkeypatch.setattr(size_limits, "KIN_OF_ANY_AMOUNT", 0)
    sizes: list[int] = []
    tellable = UnrelatedPairs.tellable

    def counting(*arguments: Any) -> object:  # noqa: ANN401 - as tellable has them
        sizes.append(len(candidates := tellable(*arguments)))
        return candidates

    monkeypatch.setattr(UnrelatedPairs, "tellable", counting)
    reconciled([*ordinary(), *crowded(2_000)], as_of="2025-06-01")
    assert max(sizes) < 2_000


def test_random_pairs_weigh_more_the_more_of_them_there_are() -> None:
    """A reason counts for less among a hundred rows of a name than among one; a slip for more than a fee."""
    chance = np.array([unrelated for _, unrelated in differences.SHARES.values()])
    unrelated = UnrelatedPairs(chance, np.array([1, 100]), np.zeros(7))
    slip, fee = (np.full(2, differences.REASONS.index(name)) for name in ("transposed_digits", "fee"))
    odds = unrelated.odds(0.3, np.arange(2), slip)
    assert odds[0] > odds[1]
    assert (odds > unrelated.odds(0.3, np.arange(2), fee)).all()
