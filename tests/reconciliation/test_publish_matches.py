"""Matches are written with the same keys, however many there are to write at once."""

from __future__ import annotations

import pytest

from tests.reconciliation.conftest import reconciled
from tests.reconciliation.test_kinds import bank, booked, payouts
from tools.checks.reconciliation import size_limits


@pytest.mark.parametrize(
    "limits",
    [
        {"CLAIMS_AT_ONCE": 0},
        {"CLAIMS_AT_ONCE": 0, "CLAIMS_OF_A_SLICE": 2},
        {"CLAIMS_AT_ONCE": 0, "KEYS_AT_ONCE": 0},
    ],
)
def test_matches_are_the_same_at_once_in_slices_and_joined(
    monkeypatch: pytest.MonkeyPatch, limits: dict[str, int]
) -> None:
    """Groups, offsets and single matches come out alike by place, slice by slice, and by a join."""
    rows = [*payouts(6, 19), booked("again", 9, -44_321, "Kestrel Optik GmbH")]
    rows += [booked("void", 10, 44_321, "VOID Kestrel Optik GmbH"), bank("alone", 12, -7_777, "FEE")]
    whole = reconciled(rows, as_of="2025-06-01").matches
    for name, limit in limits.items():
        monkeypatch.setattr(size_limits, name, limit)
    assert reconciled(rows, as_of="2025-06-01").matches == whole
    assert {"1:1", "1:N", "offset"} <= {match["kind"] for match in whole}
