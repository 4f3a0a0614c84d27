"""Who works at Harbour & Pine: twenty-four people, their cards, and who may approve how much."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final


@dataclass(eq=False)
class Employee:
    """One line of employees.csv."""

    person_id: str
    person_name: str
    title: str
    manager_id: str
    email: str = field(init=False)
    bank_account: str = ""
    tax_id: str = ""
    address: str = ""
    card_last4: str = ""
    left_on: date | None = None

    def __post_init__(self) -> None:
        self.email = self.person_name.lower().replace(" ", ".") + "@harbourpine.example"


_STREETS: Final = ("Quay Lane", "Mill Road", "Foundry Street", "Tern Avenue", "Cooper's Row", "Larch Close")
_NAMES: Final = """
E01 Marta Lindqvist | Chief executive | -
E02 Owen Achterberg | Finance director | E01
E03 Helen Osei | Controller | E02
E04 Priya Ramanathan | Payables clerk | E03
E05 Tomas Echeverria | Payables clerk | E03
E06 Lucille Grant | General ledger accountant | E03
E07 Stefan Brandvold | Purchasing manager | E01
E08 Aiko Merriweather | Operations manager | E01
E09 Callum Firth | Head of sales | E01
E10 Nadia Belrose | Account manager | E09
E11 Jonas Tidewell | Account manager | E09
E12 Ines Carvalho | Account manager | E09
E13 Peter Hallam | Lead designer | E08
E14 Sunniva Dahl | Designer | E13
E15 Rafael Ibarra | Workshop foreman | E08
E16 Georgi Petkov | Joiner | E15
E17 Mabel Thorne | Joiner | E15
E18 Desmond Achebe | Joiner | E15
E19 Klara Novotna | Finisher | E15
E20 Wes Halloran | Driver | E08
E21 Yusuf Demirci | Driver | E08
E22 Beatrix Colm | Office manager | E02
E23 Ravi Sundaram | IT administrator | E02
E24 Elsie Fairbank | Site supervisor | E08
"""
_CARDS: Final = {
    "E01": "1107", "E08": "2214", "E09": "3321", "E10": "4438", "E11": "5545",
    "E12": "6652", "E15": "7769", "E22": "8876", "E23": "9983", "E24": "1290",
}  # fmt: skip
LIMITS: Final = {"E07": 500_000, "E08": 500_000, "E03": 2_500_000, "E02": 10_000_000, "E01": 100_000_000}


def employees() -> list[Employee]:
    """Give everybody, with made-up bank accounts, tax numbers and addresses."""
    staff = []
    for index, line in enumerate(_NAMES.strip().splitlines()):
        who, title, manager = (part.strip() for part in line.split("|"))
        person_id, _, name = who.partition(" ")
        staff.append(
            Employee(
                person_id,
                name,
                title,
                "" if manager == "-" else manager,
                bank_account=f"021000{index:03d}-{700_100 + 37 * index}",
                tax_id=f"900-{10 + index:02d}-{4000 + 13 * index}",
                address=f"{12 + 7 * index} {_STREETS[index % len(_STREETS)]}, Port Alder",
                card_last4=_CARDS.get(person_id, ""),
            )
        )
    staff[20].left_on = date(2025, 8, 29)
    return staff


def approver(amount_minor: int) -> str:
    """Give the person with the smallest limit that covers an amount."""
    return min((limit, person) for person, limit in LIMITS.items() if limit >= amount_minor)[1]
