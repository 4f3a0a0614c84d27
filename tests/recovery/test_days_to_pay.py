"""When customers pay is learnt from what they paid, and never said with more certainty than that gives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.recovery.calibration import of_pairs
from tools.recovery.days_to_pay import PaymentTimes, SettledInvoice

PROMPT = [SettledInvoice("PROMPT", days, disputed=False) for days in range(20, 30)]
SLOW = [SettledInvoice("SLOW", days, disputed=False) for days in range(50, 60)]
DISPUTED = [SettledInvoice("SLOW", days + 14, disputed=True) for days in range(50, 60)]
INVOICES = st.lists(
    st.builds(SettledInvoice, st.sampled_from(["A", "B"]), st.integers(0, 400), st.booleans()), min_size=20
)


def payment_times(*rows: SettledInvoice) -> PaymentTimes:
    """Learn from enough invoices."""
    times = PaymentTimes.fitted(rows)
    assert times is not None
    return times


def test_customers_differ_and_disputes_take_longer() -> None:
    """Who paid in 25 days is not expected late; who took 55 is, and later still in dispute."""
    times = payment_times(*PROMPT, *SLOW, *DISPUTED)
    prompt, slow = times.expect("PROMPT", 30), times.expect("SLOW", 30)
    assert prompt.late < 0.5 < slow.late
    assert prompt.n == 10
    assert times.dispute == pytest.approx(14)
    assert times.expect("SLOW", 30, disputed=True).days > slow.days


def test_too_few_invoices_say_nothing() -> None:
    """Under twenty settled invoices nothing is expected."""
    assert PaymentTimes.fitted(PROMPT) is None


@given(INVOICES, st.integers(0, 120), st.integers(0, 600))
def test_what_is_expected_lies_ahead(rows: list[SettledInvoice], terms: int, waited: int) -> None:
    """Whatever is learnt: the day lies not behind, the chance strictly between never and always."""
    expected = payment_times(*rows).expect("A", terms, waited=waited)
    assert expected.days >= waited
    assert 0 < expected.late < 1


def test_chances_are_held_against_what_came() -> None:
    """Claims of like chances share a bin; none is lost."""
    fit = of_pairs([(0.1, False), (0.15, True), (0.9, True), (1.0, True)])
    assert [row.n for row in fit.bins] == [2, 2]
    assert fit.bins[0].won == pytest.approx(0.5)
    assert fit.brier == pytest.approx((0.01 + 0.7225 + 0.01 + 0) / 4)
    assert of_pairs([]).brier is None
