"""Small seeded receivables with their truth: invoices, payments of many kinds, remittance advice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

Row = dict[str, Any]

_NAMES = (
    "Bergmann Kaltetechnik GmbH", "Ostend Shipyard NV", "Calder Valley Dairies Ltd", "Marisol Ceramics SL",
    "Fennimore Tool & Die Inc", "Gullfoss Seafood", "Hollister Paper Mills LLC", "Ingram Bay Resorts",
    "Juniper Street Theatre", "Kowalski Logistyka", "Lindqvist Optik AB", "Montrose Airfield Services",
)  # fmt: skip


@dataclass
class Receivables:
    """Invoices and payments in the making, and what pays what with how much."""

    seed: int
    invoices: list[Row] = field(default_factory=list)
    payments: list[Row] = field(default_factory=list)
    remittance: list[Row] = field(default_factory=list)
    applied: dict[tuple[str, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        self.prefix = ("RE-", "SI", "2025/", "INV")[self.seed % 4]
        self.start = date(2025, 2, 3)

    def of(self, events: int) -> Receivables:
        """Add that many payments of every kind, and a few invoices that nobody pays."""
        kinds: list[Callable[[], None]] = [
            self.whole, self.whole, self.whole, self.several, self.several, self.discount, self.part,
            self.deduction, self.too_much, self.credit, self.twice, self.silent, self.silent, self.astray,
            self.in_advance,
        ]  # fmt: skip
        for _ in range(events):
            self.chance.choice(kinds)()
        for _ in range(events // 12):
            self.invoice(*self.customer())
        return self

    @property
    def rows(self) -> list[Row]:
        """All postings, shuffled."""
        rows = [*self.invoices, *self.payments]
        Random(self.seed).shuffle(rows)
        return rows

    def whole(self) -> None:
        """Pay one invoice, by its number."""
        name, key = self.customer()
        bill, amount = self.invoice(name, key)
        self.pay(name, amount, [(self.quoted_number(bill), amount, "")], {bill: amount})

    def several(self) -> None:
        """Pay some invoices at once."""
        name, key = self.customer()
        bills = dict(self.invoice(name, key) for _ in range(self.chance.randint(2, 4)))
        lines = [(self.quoted_number(bill), amount, "") for bill, amount in bills.items()]
        self.pay(name, sum(bills.values()), lines, bills)

    def discount(self) -> None:
        """Pay less the terms' discount."""
        name, key = self.customer()
        bill, amount = self.invoice(name, key)
        rate = self.chance.choice((1, 2, 3))
        paid = amount - round(amount * rate / 100)
        note = self.chance.choice((f"{rate}% Skonto", "early payment", f"terms {rate}/10", ""))
        self.pay(name, paid, [(self.quoted_number(bill), paid, note)], {bill: paid})

    def part(self) -> None:
        """Pay in part, by agreement."""
        name, key = self.customer()
        bill, amount = self.invoice(name, key)
        paid = round(amount * self.chance.uniform(0.3, 0.7))
        self.pay(
            name, paid, [(bill, paid, self.chance.choice(("part payment", "1st instalment")))], {bill: paid}
        )

    def deduction(self) -> None:
        """Pay less what the payer names."""
        name, key = self.customer()
        bill, amount = self.invoice(name, key)
        less = round(amount * self.chance.uniform(0.03, 0.2))
        note = f"less {less / 100:.2f} for breakage"
        self.pay(name, amount - less, [(bill, amount - less, note)], {bill: amount - less})

    def too_much(self) -> None:
        """Pay more than is owed: only what is owed is applied."""
        name, key = self.customer()
        bill, amount = self.invoice(name, key)
        paid = round(amount * 1.08)
        self.pay(name, paid, [(bill, paid, "")], {bill: amount})

    def credit(self) -> None:
        """Pay an invoice net of a credit memo."""
        name, key = self.customer()
        bill, amount = self.invoice(name, key)
        memo, less = self.invoice(name, key, -round(amount * 0.3))
        self.pay(
            name, amount + less, [(bill, amount, ""), (memo, less, "credit")], {bill: amount, memo: less}
        )

    def twice(self) -> None:
        """Pay the same invoice again, a week later: nothing is left to pay."""
        name, key = self.customer()
        bill, amount = self.invoice(name, key)
        self.pay(name, amount, [(bill, amount, "")], {bill: amount}, day=40)
        self.pay(name, amount, [(bill, amount, "")], {}, day=47)

    def silent(self) -> None:
        """Pay without a word: party and amount have to do."""
        name, key = self.customer()
        bill, amount = self.invoice(name, key)
        self.pay(name, amount, [], {bill: amount})

    def astray(self) -> None:
        """Advise with a digit wrong, or the order's number instead of the invoice's."""
        name, key = self.customer()
        bill, amount = self.invoice(name, key)
        digits = bill.removeprefix(self.prefix)
        at = self.chance.randrange(len(digits) - 1)
        swapped = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
        reference = self.chance.choice((f"order {self.chance.randint(10**7, 10**8)}", self.prefix + swapped))
        self.pay(name, amount, [(reference, amount, "")], {bill: amount})

    def in_advance(self) -> None:
        """Pay for an invoice that is not written yet."""
        name, _ = self.customer()
        amount = self.money()
        self.pay(
            name, amount, [(f"{self.prefix}99{self.chance.randint(10**3, 10**4)}", amount, "advance")], {}
        )

    def customer(self) -> tuple[str, str]:
        """Draw a customer, one in four with branches."""
        at = self.chance.randrange(len(_NAMES))
        branch = f" Branch {self.chance.randint(2, 4)}" if at % 4 == 0 else ""
        return _NAMES[at] + branch, f"C{at:02}{branch[-1:]}"

    def invoice(self, name: str, key: str, amount: int | None = None) -> tuple[str, int]:
        """Write an invoice; give its number and amount."""
        number = f"{self.prefix}{20_000 + 7 * len(self.invoices)}"
        owed = self.money() if amount is None else amount
        at = self.start + timedelta(days=self.chance.randrange(25))
        self.invoices.append(
            self._row("invoice", number, at, owed, vendor_name=name, vendor_id=key, invoice_no=number)
        )
        return number, owed

    def pay(
        self,
        name: str,
        amount: int,
        lines: list[tuple[str, int, str]],
        applied: dict[str, int],
        day: int | None = None,
    ) -> None:
        """Make a payment with its advice."""
        number = f"ZP{len(self.payments):05}"
        at = self.start + timedelta(days=self.chance.randint(26, 90) if day is None else day)
        self.payments.append(self._row("payment", number, at, amount, vendor_name=self.called(name)))
        for reference, part, note in lines:
            self.remittance.append(
                {
                    "remittance_id": f"A{len(self.remittance):05}",
                    "payment_id": number,
                    "invoice_ref": reference,
                    "amount_minor": part,
                    "currency": "USD",
                    "memo": note,
                }
            )
        self.applied |= {(number, bill): part for bill, part in applied.items()}

    def called(self, name: str) -> str:
        """Say a payer's name as payers do: whole, in capitals, cut short, without form."""
        words = name.split()
        ways = (name, name, name.upper(), " ".join(words[:2]), name[: max(9, len(name) - 5)])
        return self.chance.choice(ways) if "Branch" not in name else self.chance.choice((name, name.upper()))

    def quoted_number(self, bill: str) -> str:
        """Write an invoice's number as payers do."""
        digits = bill.removeprefix(self.prefix)
        return self.chance.choice((bill, bill, bill.lower(), digits, f"Invoice {digits}"))

    def money(self) -> int:
        """Draw an amount."""
        return round(10 ** self.chance.uniform(4, 6.8))

    def _row(self, source: str, name: str, at: date, amount: int, **more: object) -> Row:
        return {"row_key": f"{source}:{name}", "txn_id": name, "source": source, "kind": source,
                "posted_on": at.isoformat(), "amount_minor": amount, **more}  # fmt: skip
