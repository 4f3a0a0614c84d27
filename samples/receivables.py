"""Money in: customers, what they pay, and how it is deposited (transfers alone, checks together)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from samples.chance import Chance
from samples.days import END, later, workdays
from samples.model import BankLine, Journal, Year

CLIENTS: Final = """
Anselm & Roe Architects | 21500
Bellhaven Hotel Group | 38600
Bluestem Dental Partners | 9400
Caraway Kitchens | 14200
Cobblestone Brewing Co | 11800
Driftmark Realty | 17600
Eastlight Theatre Trust | 12900
Farrow Street Books | 5200
Gable End Homes LLC | 26300
Halcyon Day Spa | 8700
Inkwell Publishing | 6100
Juniper Lane School | 19800
Kestrel Point Marina | 15700
Lowtide Oyster Bars | 10400
Maritime Museum of Port Alder | 22400
Nettlefold Law Office | 7900
Orchard Hill Clinic | 16800
Pennant Sports Club | 9900
Quillon Capital | 28400
Rosemoor Care Homes | 31200
Seagrass Yoga | 4300
Thornbury Estates | 24900
Upland Coffee Roasters | 7300
Viaduct Offices LLC | 33700
Westering Sea Hotels | 36100
Yardarm Pubs | 13600
"""
_A_MONTH: Final = 16


@dataclass(frozen=True)
class Client:
    """One line of clients.csv."""

    client_id: str
    client_name: str
    median: int


def clients() -> list[Client]:
    """Give the customers with the usual size of what they pay, in minor units."""
    lines = (line.split("|") for line in CLIENTS.strip().splitlines())
    return [Client(f"C{i:02d}", name.strip(), int(median) * 100) for i, (name, median) in enumerate(lines, 1)]


def collect(year: Year) -> None:
    """Add the year's receipts from customers to journal and bank."""
    chance = Chance("receivables")
    book = clients()
    number = 4100
    for month in range(1, 13):
        waiting: list[tuple[Journal, int]] = []
        for on in sorted(
            chance.pick(workdays(month)) for _ in range(chance.count(_A_MONTH * (1 + 0.015 * month)))
        ):
            number += 1
            who = chance.pick(book)
            amount = chance.amount(round(who.median * 0.85), 0.6)
            receipt = receive(year, on, who.client_name, amount, f"SI-{number}")
            if chance.happens(0.55):
                _transfer(year, chance, receipt, amount)
            else:
                waiting.append((receipt, amount))
                if len(waiting) == 3 or chance.happens(0.4):
                    _deposit(year, chance, waiting)
                    waiting = []
        if waiting:
            _deposit(year, chance, waiting)


def receive(year: Year, on: date, name: str, amount: int, number: str) -> Journal:
    """Book a customer's payment."""
    journal = Journal(on, [("1000", amount), ("1200", -amount)], f"{name} {number}", name, number, "E05")
    year.journals.append(journal)
    return journal


def _transfer(year: Year, chance: Chance, journal: Journal, amount: int) -> None:
    on = later(journal.posted_on, chance.whole(0, 1))
    if on <= END:
        text = f"ACH CREDIT {journal.party.upper()[:22]}"
        year.bank.append(BankLine("", on, "Customer receipt", text, journal.reference, amount))


def _deposit(year: Year, chance: Chance, slip: list[tuple[Journal, int]]) -> None:
    on = later(max(journal.posted_on for journal, _ in slip), chance.whole(0, 2))
    if on <= END:
        number = f"DEP{on:%m%d}{len(slip)}"
        for journal, _ in slip:
            journal.description += f" deposit {number}"
        total = sum(amount for _, amount in slip)
        year.bank.append(BankLine("", on, "Deposit", "REMOTE CHECK DEPOSIT", number, total))
