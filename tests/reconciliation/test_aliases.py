"""What the books call a party is learned from matches, and known to the next run."""

from __future__ import annotations

from typing import Any

from tests.reconciliation.conftest import reconciled

Row = dict[str, Any]
AGENT = "KSK VENDING"


def bank(name: str, day: int, amount: int, text: str) -> Row:
    """Make a bank line of March 2025."""
    return {"row_key": name, "txn_id": name, "source": "bank", "kind": "bank",
            "posted_on": f"2025-03-{day:02}", "amount_minor": amount, "description": text}  # fmt: skip


def booked(name: str, day: int, amount: int, vendor: str) -> Row:
    """Make a ledger line of March 2025."""
    return {"row_key": name, "txn_id": name, "source": "ledger", "kind": "ledger",
            "posted_on": f"2025-03-{day:02}", "amount_minor": amount, "vendor_name": vendor}  # fmt: skip


def names(aliases: list[Row]) -> set[tuple[str, str]]:
    """Give what was learned."""
    return {(row["alias_key"], row["vendor_key"]) for row in aliases}


def paid(text: str, vendor: str, first: int, times: int = 3) -> list[Row]:
    """Pay a vendor some times; the amounts occur once."""
    rows: list[Row] = []
    for at in range(times):
        amount = -(123_457 + 1_111 * (first + at))
        rows += [
            bank(f"b{first + at}", 4 + 3 * at, amount, f"{text} {4711 + at}"),
            booked(f"l{first + at}", 3 + 3 * at, amount, vendor),
        ]
    return rows


def test_an_agent_is_learned() -> None:
    """A text that stands beside one vendor again and again is that vendor's other name."""
    rows = [*paid(AGENT, "Baltic Foods", 0), *paid("ACH PMT COBALT", "Cobalt Print", 10, times=6)]
    assert (AGENT, "BALTIC FOODS") in names(reconciled(rows).learned)


def test_once_is_not_enough() -> None:
    """One match may be an accident."""
    assert names(reconciled(paid(AGENT, "Baltic Foods", 0, times=1)).learned) == set()


def test_who_pays_for_many_is_nobody() -> None:
    """An agent that stands for two vendors is neither's name, and what any bank writes is no name at all."""
    rows = [*paid(AGENT, "Baltic Foods", 0), *paid(AGENT, "Cobalt Print", 10), *paid("ACH PMT", "Elm", 20)]
    assert names(reconciled(rows).learned) == set()


def test_a_known_alias_decides() -> None:
    """Two entries of one amount and day: the agent's line belongs to the vendor that it stands for."""
    rows = [
        bank("b", 10, -50_000, f"{AGENT} 881"),
        booked("foods", 10, -50_000, "Baltic Foods"),
        booked("print", 10, -50_000, "Cobalt Print"),
    ]
    alias = [{"alias_key": AGENT, "vendor_key": "COBALT PRINT"}]
    assert reconciled(rows).pairs == set()
    assert reconciled(rows, alias=alias).pairs == {("b", "print")}


def test_aliases_of_aliases_decide_nothing() -> None:
    """Where runs learned both ways round, neither name is the other's."""
    both = [
        {"alias_key": "BALTIC FOODS", "vendor_key": "COBALT PRINT"},
        {"alias_key": "COBALT PRINT", "vendor_key": "BALTIC FOODS"},
    ]
    rows = paid("Baltic Foods", "Baltic Foods", 0)
    assert reconciled(rows, alias=both).pairs == reconciled(rows).pairs
