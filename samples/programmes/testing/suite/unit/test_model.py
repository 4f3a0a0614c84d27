"""Grants are what they say."""

from __future__ import annotations

import pytest
from product import Grant


@pytest.mark.parametrize("months", range(1, 21))
def test_a_grant_has_months(months: int) -> None:
    """Any number of months from one on."""
    assert Grant("ada", 100, months).months == months


def test_a_grant_without_months_is_refused() -> None:
    """Nothing vests in no time."""
    with pytest.raises(ValueError, match="at least a month"):
        Grant("ada", 100, 0)
