"""Vendor keys: the same for one vendor written differently, different for different vendors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.ledger.vendor import key


@pytest.mark.parametrize(
    ("expected", "names"),
    [
        ("ACME", ["Acme, Inc.", "ACME INC", "acme incorporated", "A.C.M.E. Corp", "The Acme Company"]),
        ("BLUE BOTTLE", ["SQ *BLUE BOTTLE", "Sq * Blue Bottle", "TST* Blue Bottle 00421", "Blue Bottle #12"]),
        ("AMAZON MARKETPLACE", ["AMZN MKTP US*1A2B", "AMZN Mktp US*2C4DE Amzn.com/bill WA"]),
        ("SMITH AND SONS", ["Smith & Sons Ltd.", "SMITH AND SONS LIMITED"]),
        ("MULLER", ["Müller GmbH & Co. KG", "MULLER GMBH"]),
        ("UBER TRIP", ["UBER *TRIP 8XK2", "Uber *Trip A1B2C3"]),
        ("AMAZON", ["Amazon.com*M12AB", "AMAZON.COM"]),
        ("ZOOM", ["ZOOM.US 888-799-9666", "Zoom"]),
    ],
)
def test_one_vendor_has_one_key(expected: str, names: list[str]) -> None:
    """Legal forms, network noise, order codes, branches and phone numbers do not make another vendor."""
    assert {name: key(name) for name in names} == dict.fromkeys(names, expected)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Maple Division 33", "Maple Division 34"),
        ("Quantum Labs Division 111", "Quantum Labs Division 112"),
        ("Co", "Inc"),
        ("7-Eleven", "Eleven"),
        ("東京電力", "東京ガス"),
    ],
)
def test_two_vendors_keep_two_keys(left: str, right: str) -> None:
    """What tells vendors apart stays."""
    assert key(left) != key(right)


@given(st.text(max_size=30))
def test_no_name_vanishes(name: str) -> None:
    """Normalising is total, and a name that is not blank never vanishes."""
    assert bool(key(name)) == bool(name.strip())
