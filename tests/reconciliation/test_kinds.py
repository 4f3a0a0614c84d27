"""Each kind of difference and grouping is found and named; what only looks like it is left alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.reconciliation.conftest import reconciled

Row = dict[str, Any]
PARTIES = "Alpen Bakery,Baltic Foods,Cobalt Print,Delmar Labs,Elmwood Optics,Fjord Motors,Granit Works".split(
    ","
)


def row(source: str, name: str, day: int, amount: int, text: str = "", **more: Any) -> Row:  # noqa: ANN401 - columns
    """Make a row of March 2025; `text` is its description."""
    return {"row_key": name, "txn_id": name, "source": source, "kind": source, "description": text or None,
            "posted_on": f"2025-03-{day:02}", "amount_minor": amount, **more}  # fmt: skip


def bank(name: str, day: int, amount: int, text: str, **more: Any) -> Row:  # noqa: ANN401 - columns
    """Make a bank line."""
    return row("bank", name, day, amount, text, **more)


def booked(name: str, day: int, amount: int, text: str, **more: Any) -> Row:  # noqa: ANN401 - columns
    """Make a ledger line."""
    return row("ledger", name, day, amount, text, **more)


def ordinary() -> list[Row]:
    """Pay everybody something, so that names and dates are known."""
    rows = []
    for at, party in enumerate(PARTIES * 3):
        amount = -(20_011 + 3_701 * at)
        rows += [
            bank(f"ob{at}", 4 + at, amount, f"ACH {party.upper()}"),
            booked(f"ol{at}", 3 + at, amount, f"{party}, invoice"),
        ]
    return rows


def reason(done: Any, left: str, right: str) -> str | None:  # noqa: ANN401 - Reconciled
    """Give what a match's difference is called; "none" where the rows are no match."""
    found = [m for m in done.matches if (m["left_key"], m["right_key"]) == (left, right)]
    return found[0]["difference_reason"] if found else "none"


def in_euro(amount: int) -> list[Row]:
    """Pay in dollars what was booked in euros."""
    return [
        *ordinary(),
        bank("b", 12, amount, "WIRE KESTREL OPTIK"),
        booked("l", 11, -100_000, "Kestrel Optik GmbH", currency="EUR"),
    ]


def test_an_exchange_difference_is_named() -> None:
    """At the declared rate of 1.08 a payment of 1,085.20 for 1,000.00 differs by the exchange alone."""
    rate = [{"day": "2025-03-01", "currency": "EUR", "to_currency": "USD", "rate_e9": 1_080_000_000}]
    done = reconciled(in_euro(-108_520), as_of="2025-06-01", fx_rate=rate)
    assert reason(done, "b", "l") == "fx"
    assert next(m["difference_minor"] for m in done.matches if m["left_key"] == "b") == -520
    assert {s["difference"] for s in done.result.statements["bank_reconciliation"]} == {"0.00"}


@pytest.mark.parametrize("amount", [-125_000, 108_000])
def test_another_amount_is_no_exchange(amount: int) -> None:
    """A sum far from the rate, or one that comes in, is another thing."""
    rate = [{"day": "2025-03-01", "currency": "EUR", "to_currency": "USD", "rate_e9": 1_080_000_000}]
    done = reconciled(in_euro(amount), as_of="2025-06-01", fx_rate=rate)
    assert reason(done, "b", "l") == "none"


def test_rates_are_learned_where_none_are_declared() -> None:
    """Four pairs share their references; the fifth is found by their rate."""
    rows = ordinary()
    for at in range(4):
        rows += [
            bank(f"b{at}", 6 + at, -(50_000 + 7_000 * at) * 27 // 25, f"WIRE OUT 9004{at}"),
            booked(
                f"l{at}",
                5 + at,
                -(50_000 + 7_000 * at),
                f"Supplier {at}",
                currency="EUR",
                reference=f"9004{at}",
            ),
        ]
    done = reconciled([*rows, *in_euro(-108_100)[-2:]], as_of="2025-06-01")
    assert [reason(done, f"b{at}", f"l{at}") for at in range(4)] == ["fx"] * 4
    assert reason(done, "b", "l") == "fx"
