"""Each kind of difference and grouping is found and named; what only looks like it is left alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.reconciliation.conftest import reconciled

Row = dict[str, Any]
PARTIES = "Alpen Bakery,Baltic Foods,Cobalt Print,Delmar Labs,Elmwood Optics,Fjord Motors,Granit Works".split(
    ","
)


def row(source: str, name: str, day: int, amount: int, text: str = "", **more: object) -> Row:
    """Make a row of March 2025; `text` is its description."""
    return {"row_key": name, "txn_id": name, "source": source, "kind": source, "description": text or None,
            "posted_on": f"2025-03-{day:02}", "amount_minor": amount, **more}  # fmt: skip


def bank(name: str, day: int, amount: int, text: str, **more: object) -> Row:
    """Make a bank line."""
    return row("bank", name, day, amount, text, **more)


def booked(name: str, day: int, amount: int, text: str, **more: object) -> Row:
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


def reason(reconciliation: Any, left: str, right: str) -> str | None:  # noqa: ANN401 - Reconciled
    """Give what a match's difference is called; "none" where the rows are no match."""
    matches = [m for m in reconciliation.matches if (m["left_key"], m["right_key"]) == (left, right)]
    return matches[0]["difference_reason"] if matches else "none"


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
    reconciliation = reconciled(in_euro(-108_520), as_of="2025-06-01", fx_rate=rate)
    assert reason(reconciliation, "b", "l") == "fx"
    assert next(m["difference_minor"] for m in reconciliation.matches if m["left_key"] == "b") == -520
    assert {s["difference"] for s in reconciliation.result.statements["bank_reconciliation"]} == {"0.00"}


@pytest.mark.parametrize("amount", [-125_000, 108_000])
def test_another_amount_is_no_exchange(amount: int) -> None:
    """A sum far from the rate, or one that comes in, is another thing."""
    rate = [{"day": "2025-03-01", "currency": "EUR", "to_currency": "USD", "rate_e9": 1_080_000_000}]
    reconciliation = reconciled(in_euro(amount), as_of="2025-06-01", fx_rate=rate)
    assert reason(reconciliation, "b", "l") == "none"


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
    reconciliation = reconciled([*rows, *in_euro(-108_100)[-2:]], as_of="2025-06-01")
    assert [reason(reconciliation, f"b{at}", f"l{at}") for at in range(4)] == ["fx"] * 4
    assert reason(reconciliation, "b", "l") == "fx"


def payouts(times: int, share: int) -> list[Row]:
    """Settle three card sales a day, less a share in thousandths."""
    rows = ordinary()
    for at in range(times):
        sales = [31_234 + 9_771 * at, 12_345 + 10_133 * at, 155_667 // (at + 1)]
        rows += [
            booked(f"s{at}{n}", 4 + 2 * at, sale, f"Zettle card sale {at}{n}") for n, sale in enumerate(sales)
        ]
        fee = round(sum(sales) * share / 1000)
        rows.append(bank(f"p{at}", 5 + 2 * at, sum(sales) - fee, "ZETTLE PAYOUT"))
    return rows


def test_a_batch_net_of_its_fee() -> None:
    """A processor pays three sales less 1.9 per cent, day by day: the difference is its fee."""
    reconciliation = reconciled(payouts(6, 19), as_of="2025-06-01")
    assert {(f"p{at}", f"s{at}{n}") for at in range(6) for n in range(3)} <= reconciliation.pairs
    lines = [m for m in reconciliation.matches if m["left_key"] == "p0"]
    assert {m["difference_reason"] for m in lines} == {"fee"}
    assert sum(m["difference_minor"] for m in lines) == -round(199_246 * 0.019)
    assert sum(m["amount_minor"] for m in lines) == 199_246 - round(199_246 * 0.019)
    assert reconciliation.result.statements["bank_reconciliation"][0]["difference"] == "0.00"


def test_a_batch_that_is_short_by_a_quarter_is_none() -> None:
    """No fee takes a quarter of what it settles."""
    reconciliation = reconciled(payouts(6, 250), as_of="2025-06-01")
    assert {pair for pair in reconciliation.pairs if pair[0].startswith("p")} == set()


def cut(last: int) -> list[Row]:
    """Pay in two sums what was booked in three."""
    return [
        *ordinary(),
        bank("b1", 11, -700_350, "ACH KESTREL OPTIK"),
        bank("b2", 12, -510_900, "ACH KESTREL OPTIK"),
        booked("l1", 10, -400_110, "Kestrel Optik GmbH"),
        booked("l2", 10, -330_570, "Kestrel Optik GmbH"),
        booked("l3", 11, last, "Kestrel Optik GmbH"),
    ]


def test_several_against_several() -> None:
    """Two payments settle three entries of one party, though no entry ends where a payment does."""
    reconciliation = reconciled(cut(-480_570), as_of="2025-06-01")
    lines = [m for m in reconciliation.matches if m["left_key"] in ("b1", "b2")]
    assert {m["kind"] for m in lines} == {"N:M"}
    assert {m["right_key"] for m in lines} == {"l1", "l2", "l3"}
    assert len({m["group_id"] for m in lines}) == 1
    assert sum(m["amount_minor"] for m in lines) == -1_211_250


def test_several_that_do_not_add_up_are_none() -> None:
    """A dollar more, and nothing ties."""
    reconciliation = reconciled(cut(-481_570), as_of="2025-06-01")
    assert {pair for pair in reconciliation.pairs if pair[0] in ("b1", "b2")} == set()


@pytest.mark.parametrize(("text", "named"), [("RETURNED ITEM NSF", "returned"), ("NSFW GALLERY", "missing")])
def test_a_returned_payment_that_nobody_took_back(text: str, named: str) -> None:
    """The bank took a deposit back and the books don't know: the break says so, by the bank's word alone."""
    rows = [*ordinary(), bank("back", 12, -77_777, text)]
    assert reconciled(rows, as_of="2025-06-01").reasons["back"] == named


def voided(reissued: int) -> list[Row]:
    """Void a check and write it again; the bank shows the second, and the ledger no number of either."""
    return [
        *ordinary(),
        booked("first", 10, -98_765, "Kestrel Optik GmbH, lenses"),
        booked("void", 12, 98_765, "VOID check to Kestrel Optik GmbH"),
        booked("again", reissued, -98_765, "Kestrel Optik GmbH, reissued, replaces voided check"),
        bank("cleared", reissued, -98_765, "CHECK 4711"),
    ]


@pytest.mark.parametrize("reissued", [12, 14])
def test_a_voided_check_did_not_clear(reissued: int) -> None:
    """The bank's line is the check written in its place, the same day too; the first and the void offset."""
    reconciliation = reconciled(voided(reissued), as_of="2025-06-01")
    assert ("cleared", "again") in reconciliation.pairs
    assert reconciliation.offsets == {("first", "void")}


def test_a_payment_that_cleared_before_it_was_taken_back() -> None:
    """The bank shows the payment: it is that, and what takes it back is open until the money returns."""
    reconciliation = reconciled([row for row in voided(14) if row["row_key"] != "again"], as_of="2025-06-01")
    assert ("cleared", "first") in reconciliation.pairs
    assert reconciliation.offsets == set()


def test_a_reversal_that_the_bank_shows_is_no_offset() -> None:
    """Payment and return stand in both books: two matches."""
    rows = [
        *ordinary(),
        booked("paid", 10, -98_765, "Kestrel Optik GmbH, lenses"),
        booked("back", 12, 98_765, "Reversal of payment to Kestrel Optik GmbH"),
        bank("out", 10, -98_765, "ACH KESTREL OPTIK"),
        bank("in", 12, 98_765, "ACH KESTREL OPTIK"),
    ]
    reconciliation = reconciled(rows, as_of="2025-06-01")
    assert {("out", "paid"), ("in", "back")} <= reconciliation.pairs
    assert reconciliation.offsets == set()


def test_an_entry_that_names_two_firms_has_either_legal_form() -> None:
    """A corrected payment names who was paid by mistake too: its own firm's form still counts as its own."""
    rows = [
        *ordinary(),
        booked("wrong", 11, -64_250, "Kestrel Survey Corp, entered in error"),
        booked(
            "right", 11, -64_250, "Kestrel Survey Co, corrected payment, replaces that to Kestrel Survey Corp"
        ),
        bank("b1", 11, -64_250, "ACH KESTREL SURVEY CO"),
        bank("b2", 11, -64_250, "ACH KESTREL SURVEY CORP"),
    ]
    reconciliation = reconciled(rows, as_of="2025-06-01")
    assert {("b1", "right"), ("b2", "wrong")} <= reconciliation.pairs


def test_firms_that_differ_in_their_legal_form_alone() -> None:
    """Two of one name are paid the same on one day: the form says who is who, on either side."""
    rows = [
        *ordinary(),
        booked("l1", 11, -64_250, "Kestrel & Partners, survey"),
        booked("l2", 11, -64_250, "Kestrel Partners LLC, survey"),
        bank("b1", 11, -64_250, "ACH KESTREL PARTNERS LLC"),
        bank("b2", 11, -64_250, "ACH KESTREL & PARTNERS"),
    ]
    reconciliation = reconciled(rows, as_of="2025-06-01")
    assert {("b1", "l2"), ("b2", "l1")} <= reconciliation.pairs


def test_what_is_older_than_the_other_book() -> None:
    """A check of February is last month's where the bank begins in March; one of early March is missing."""
    rows = [
        *ordinary(),
        booked("old", 1, -55_544, "Kestrel Optik GmbH") | {"posted_on": "2025-02-26"},
        booked("early", 1, -66_655, "Lumen Carpets"),
    ]
    reasons = reconciled(rows, as_of="2025-06-01").reasons
    assert (reasons["old"], reasons["early"]) == ("prior_period", "missing")


def test_an_old_entry_that_clears_is_no_break() -> None:
    """Booked in February, paid by the bank in March: the months differ, the match stands."""
    rows = [
        *ordinary(),
        booked("old", 1, -55_544, "Kestrel Optik GmbH") | {"posted_on": "2025-02-26"},
        bank("b", 3, -55_544, "ACH KESTREL OPTIK"),
    ]
    reconciliation = reconciled(rows, as_of="2025-06-01")
    assert ("b", "old") in reconciliation.pairs
    assert reconciliation.reasons == {}


def families_of_firms(days: int) -> list[Row]:
    """Receive from firms that share their first word, each sum with two digits exchanged in the ledger."""
    rows = []
    for at in range(60):
        name = (
            f"{('Kestrel', 'Lumen', 'Orchid')[at % 3]} {PARTIES[at // 3 % 7].split()[1]} {'AEIOU'[at % 5]}way"
        )
        amount = 1_203_467 + 71_021 * at
        slip = amount + 9 * 10 ** (at % 3) * (
            amount // 10 ** (at % 3) % 10 - amount // 10 ** (at % 3 + 1) % 10
        )
        rows += [
            bank(f"b{at}", 4 + at % days, amount, f"WIRE IN {name.upper()[:19]}"),
            booked(f"l{at}", 3 + at % days, slip, f"{name} Ltd, receipt"),
        ]
    return rows


def test_slips_are_sure_where_many_names_are_half_alike() -> None:
    """That a book has many slips makes each one likelier, not more of an accident."""
    reconciliation = reconciled(families_of_firms(25), as_of="2025-06-01")
    confidences = {(m["left_key"], m["right_key"]): m["confidence"] for m in reconciliation.matches}
    of_slips = [confidences.get((f"b{at}", f"l{at}"), 0.0) for at in range(60)]
    assert sum(confidence >= 0.98 for confidence in of_slips) >= 57


@pytest.mark.parametrize(("largest", "named"), [(5_000, "fee"), (1_000, "none")])
def test_what_a_bank_keeps_at_most_is_the_pairs_to_say(largest: int, named: str) -> None:
    """25.00 less than was booked is a fee, unless the pair says that its bank takes 10.00 at most."""
    rows = [
        *ordinary(),
        bank("b", 12, -187_500, "WIRE KESTREL OPTIK"),
        booked("l", 11, -185_000, "Kestrel Optik"),
    ]
    reconciliation = reconciled(rows, largest_fee_minor=largest, tolerance=0)
    assert reason(reconciliation, "b", "l") == named


@pytest.mark.parametrize(("days", "named"), [(31, "timing"), (5, "missing")])
def test_how_long_clearing_may_take_is_the_pairs_to_say(days: int, named: str) -> None:
    """A check of three weeks ago is merely late, unless the pair says that nothing takes so long."""
    rows = [*ordinary(), booked("late", 2, -91_234, "Kestrel Optik")]
    reconciliation = reconciled(rows, as_of="2025-03-24", window_days=30, clearing_days=days)
    assert [row["reason"] for row in reconciliation.breaks if row["row_key"] == "late"] == [named]
