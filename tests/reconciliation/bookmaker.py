"""Small seeded books with their truth: a bank and its ledger, customers' payments and invoices.

The wording, the habits of the bank and the mix of errors change with the seed, so that what matches them is
a method and not a memory of one book.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

Row = dict[str, Any]

_FIRST = (
    "Alpen Baltic Cobalt Delmar Elmwood Fjord Granit Hansa Iberia Jasper Kestrel Lumen Marble Nordic Orchid "
    "Prairie Quarry Rialto Saffron Tundra Umber Velvet Walnut Xenon Yarrow Zephyr"
).split()
_SECOND = (
    "Bakery Carpets Dental Energy Foods Garage Hydraulics Interiors Joinery Labs Motors Optics Print Roofing"
).split()
_FORMS = ("GmbH", "Ltd", "Inc", "SARL", "LLC", "BV", "")
_PURPOSES = (
    "Rent",
    "Spare parts",
    "Cleaning",
    "Licence fee",
    "Freight",
    "Maintenance",
    "Advisory",
    "Subscription",
)


@dataclass(frozen=True)
class Style:
    """How a bank words its lines, and how long it takes."""

    out: tuple[str, ...]
    into: tuple[str, ...]
    width: int
    lag: tuple[int, int]
    check: str
    deposit: str
    fee: str


STYLES = (
    Style(
        ("LASTSCHRIFT", "UEBERWEISUNG", "KARTENZAHLUNG"),
        ("GUTSCHRIFT",),
        27,
        (0, 3),
        "SCHECK NR {}",
        "EINZAHLUNG",
        "KONTOFUEHRUNG FEE",
    ),
    Style(
        ("DD", "BACS PYMT", "FPO"), ("BGC", "FPI"), 18, (0, 2), "CHQ {}", "COUNTER CREDIT", "SERVICE CHARGE"
    ),
    Style(
        ("ACH PMT", "DEBIT CARD", "BILL PAY"),
        ("ACH DEP", "RTP"),
        24,
        (1, 5),
        "CHECK {}",
        "DEPOSIT",
        "MONTHLY FEE",
    ),
    Style(
        ("PRLV SEPA", "VIR EMIS", "CB"),
        ("VIR RECU",),
        30,
        (-1, 2),
        "CHEQUE {}",
        "REMISE CHEQUES",
        "FRAIS COMMISSION FEE",
    ),
)


@dataclass
class Bookmaker:
    """A bank and a ledger in the making: rows of both, and which belong together."""

    seed: int
    rows: list[Row] = field(default_factory=list)
    pairs: set[tuple[str, str]] = field(default_factory=set)
    offsets: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        self.style = STYLES[self.seed % len(STYLES)]
        self.number = 1000 + self.chance.randrange(8000)
        self.start = date(2025, 3, 3)

    def bank_and_ledger(self, events: int) -> Bookmaker:
        """Add that many events of every kind."""
        plan: list[tuple[Callable[[], None], int]] = [
            (self.simple, 55), (self.cryptic, 6), (self.check, 8), (self.batch, 8), (self.slip, 4),
            (self.fee_kept, 4), (self.void, 5), (self.returned, 3), (self.bank_only, 4),
            (self.ledger_only, 4), (self.weekly, 2),
        ]  # fmt: skip
        for kind in self.chance.choices([kind for kind, _ in plan], [weight for _, weight in plan], k=events):
            kind()
        self.chance.shuffle(self.rows)
        return self

    def simple(self) -> None:
        """Show an event in both books, near in time, the name cut and mistyped."""
        name, amount, day = self.party(), self.money(), self.day()
        self.pair(
            self.bank(day + self.clears(), self.says(name, amount), amount), self.books(day, name, amount)
        )

    def cryptic(self) -> None:
        """Let the bank name an agent nobody knows."""
        name, amount, day = self.party(), -abs(self.money()), self.day()
        agent = self.chance.choice(("PP*4029357733", "SUMUP *KIOSK", "ZETTLE_*8812", "STRIPE 9XK2"))
        self.pair(self.bank(day + self.clears(), agent, amount), self.books(day, name, amount))

    def check(self) -> None:
        """Let the bank show the number only."""
        name, amount, day = self.party(), -abs(self.money()), self.day()
        number = self.next_number()
        line = self.bank(day + self.clears(), self.style.check.format(number), amount)
        self.pair(line, self.books(day, name, amount, reference=f"CK-{number}"))

    def batch(self) -> None:
        """Sum several entries of a party up in one line."""
        day, sign = self.day(), self.chance.choice((-1, 1))
        name = self.party()
        parts = [sign * abs(self.money()) for _ in range(self.chance.randint(2, 5))]
        entries = [self.books(day - self.chance.randint(0, 4), name, part) for part in parts]
        line = self.bank(day + self.clears(), self.says(name, sum(parts)), sum(parts))
        for entry in entries:
            self.pair(line, entry)

    def slip(self) -> None:
        """Let two neighbouring digits change places in the ledger."""
        name, amount, day = self.party(), self.money(), self.day()
        digits = list(str(abs(amount)))
        at = self.chance.randrange(len(digits) - 1)
        digits[at], digits[at + 1] = digits[at + 1], digits[at]
        wrong = int("".join(digits)) * (1 if amount > 0 else -1)
        self.pair(
            self.bank(day + self.clears(), self.says(name, amount), amount), self.books(day, name, wrong)
        )

    def fee_kept(self) -> None:
        """Let the bank keep a fee of a receipt."""
        name, amount, day = self.party(), abs(self.money()) + 80_000, self.day()
        fee = self.chance.randint(800, 4500)
        line = self.bank(day + self.clears(), self.says(name, amount), amount - fee)
        self.pair(line, self.books(day, name, amount))

    def void(self) -> None:
        """Void a check and write it again: the first and its undoing are the ledger's own."""
        name, amount, day = self.party(), -abs(self.money()), self.day()
        first, second = self.next_number(), self.next_number()
        cancelled = self.books(day, name, amount, reference=f"CK-{first}")
        reversal = self.books(day + 3, f"Cancelled check {first}", -amount, reference=f"CK-{first}")
        self.offsets.add((min(cancelled, reversal), max(cancelled, reversal)))
        again = self.books(day + 4, name, amount, reference=f"CK-{second}")
        self.pair(self.bank(day + 4 + self.clears(), self.style.check.format(second), amount), again)

    def returned(self) -> None:
        """Bounce a deposit: both books show both."""
        name, amount, day = self.party(), abs(self.money()), self.day()
        self.pair(self.bank(day, self.style.deposit, amount), self.books(day, name, amount))
        back = self.bank(day + 4, "RETURNED ITEM UNPAID", -amount)
        self.pair(back, self.books(day + 4, f"{name} payment returned unpaid", -amount))

    def bank_only(self) -> None:
        """Charge what is not booked."""
        self.bank(self.day(), self.style.fee, -self.chance.randint(500, 6000))

    def ledger_only(self) -> None:
        """Book what the bank never saw."""
        self.books(self.day(), self.party(), self.money())

    def weekly(self) -> None:
        """Pay the same every week."""
        name, amount, day = self.party(), -abs(self.money()), self.day()
        for week in range(4):
            at = day + 7 * week
            self.pair(
                self.bank(at + self.clears(), self.says(name, amount), amount), self.books(at, name, amount)
            )

    def bank(self, day: int, text: str, amount: int) -> str:
        """Add a bank line; give its id."""
        return self.add("bank", day, amount, description=text)

    def books(self, day: int, name: str, amount: int, reference: str | None = None) -> str:
        """Add a ledger line; give its id."""
        purpose, number = self.chance.choice(_PURPOSES), self.next_number()
        text = (
            f"{purpose} / {self.mistyped(name)} / {number}"
            if self.seed % 2
            else f"{self.mistyped(name)}: {purpose}"
        )
        return self.add("ledger", day, amount, description=text, reference=reference or f"V{number}")

    def add(self, source: str, day: int, amount: int, **more: object) -> str:
        """Add a row; give its id."""
        name = f"{source[0]}{len(self.rows):05}"
        at = self.start + timedelta(days=day)
        self.rows.append(
            {"row_key": name, "txn_id": name, "source": source, "kind": source, "posted_on": at.isoformat(),
             "amount_minor": amount, **more}
        )  # fmt: skip
        return name

    def pair(self, bank: str, entry: str) -> None:
        """Say that two rows belong together."""
        self.pairs.add((bank, entry))

    def party(self) -> str:
        """Name somebody."""
        return " ".join(
            (self.chance.choice(_FIRST), self.chance.choice(_SECOND), self.chance.choice(_FORMS))
        ).strip()

    def money(self) -> int:
        """Draw an amount, sometimes a round one."""
        amount = round(10 ** self.chance.uniform(3.5, 7))
        amount = round(amount, -4) or 10_000 if self.chance.random() < 0.25 else amount
        return amount * self.chance.choice((-1, -1, 1))

    def day(self) -> int:
        """Draw a day of the period."""
        return self.chance.randrange(60)

    def clears(self) -> int:
        """Draw the days that the bank takes."""
        return self.chance.randint(*self.style.lag)

    def says(self, name: str, amount: int) -> str:
        """Word a bank line."""
        prefix = self.chance.choice(self.style.out if amount < 0 else self.style.into)
        return f"{prefix} {self.mistyped(name).upper()[: self.style.width]}"

    def mistyped(self, name: str) -> str:
        """Now and then drop or exchange letters."""
        at = self.chance.randrange(1, len(name) - 1)
        luck = self.chance.random()
        if luck < 0.06:
            return name[:at] + name[at + 1 :]
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :] if luck < 0.12 else name

    def next_number(self) -> int:
        """Give the next voucher or check its number."""
        self.number += 1
        return self.number
