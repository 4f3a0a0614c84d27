"""Matches are written with the same keys, however many there are to write at once."""

from __future__ import annotations

import pytest

from tests.reconciliation.conftest import reconciled
from tests.reconciliation.test_kinds import bank, booked, payouts
from tools.checks.reconciliation import publish_matches


@pytest.mark.parametrize("limits", [{"_CLAIMS": 0}, {"_CLAIMS": 0, "_SLICE": 2}, {"_CLAIMS": 0, "_ROWS": 0}])
def test_matches_are_the_same_at_once_in_slices_and_joined(
    monkeypatch: pytest.MonkeyPatch, limits: dict[str, int]
) -> None:
    """Groups, offsets and single matches come out alike by place, slice by slice, and by a join."""
    rows = [*payouts(6, 19), booked("again", 9, -44_321, "Kestrel Optik GmbH")]
    rows += [booked("void", 10, 44_321, "VOID Kestrel Optik GmbH"), bank("alone", 12, -7_777, "FEE")]
    whole = reconciled(rows, as_of="2025-06-01").matches
    for name, limit in limits.items():
        monkeypatch.setattr(publish_matches, name, limit)
    assert reconciled(rows, as_of="2025-06-01").matches == whole
    assert {"1:1", "1:N", "offset"} <= {match["kind"] for match in whole}
