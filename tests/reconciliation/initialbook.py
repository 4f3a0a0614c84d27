"""Made-up transfers between two accounts: parties in initials, amounts a few percent apart, odd ones out."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

Row = dict[str, Any]

_FIRST: Final = date(2025, 1, 6)
_DAYS: Final = 180
_LETTERS: Final = "ABCDEFGHJKLMNOPRSTW"
_CHANNELS: Final = (
    "payment",
    "money",
    "donation",
    "BGC",
    "CSH",
    "CHQ",
    "WRE",
    "payment CSH",
    "money BGC",
    "df4f100d CHQ",
)
_CUT: Final = 16  # characters that the narrower of the two systems keeps
_WORDS: Final = (
    "Haldane Arkwright Barlow Stannard Bellman Slate Hollingworth Okafor Lindqvist Marchetti Duval".split()
)
_FIRST_NAMES: Final = "John Ruth Hagop Leo Dora Jim Margaret Owen Ines Karl Petra Sana".split()


@dataclass
class InitialBook:
    """Both accounts' rows, and the pairs of keys that belong together.

    seed: of the chance. pairs: transfers that are on both sides. lone: rows of either side that the other
    does not have.
    """

    seed: int
    pairs: int = 200
    lone: int = 10
    rows: list[Row] = field(default_factory=list)
    truth: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Write the book."""
        chance = random.Random(self.seed)
        for number in range(self.pairs):
            self._transfer(chance, number)
        for number in range(self.lone):
            for side in ("bank", "ledger"):
                name = f"{side[0]}x{number}"
                self._row(side, name, chance.randrange(_DAYS), _amount(chance), _memo(chance, _party(chance)))
        chance.shuffle(self.rows)

    def _transfer(self, chance: random.Random, number: int) -> None:
        party, day, amount = _party(chance), chance.randrange(_DAYS), _amount(chance)
        booked = amount if chance.random() < 1 / 3 else round(amount * chance.uniform(0.93, 1.07))
        self._row("bank", f"b{number}", day, amount, _memo(chance, party))
        self._row("ledger", f"l{number}", day + chance.randrange(3), booked, _memo(chance, party))
        self.truth.add((f"b{number}", f"l{number}"))

    def _row(self, source: str, name: str, day: int, amount: int, memo: str) -> None:
        posted = _FIRST + timedelta(days=day)
        self.rows.append(
            {"row_key": name, "txn_id": name, "source": source, "kind": source, "posted_on": posted,
             "amount_minor": amount, "description": memo}
        )  # fmt: skip


def _party(chance: random.Random) -> str:
    if chance.random() < 1 / 5:
        return f"{chance.choice(_FIRST_NAMES)} {chance.choice(_WORDS)}".upper()
    return " ".join(chance.choice(_LETTERS) for _ in range(chance.choice((2, 2, 3))))


def _amount(chance: random.Random) -> int:
    return round(100 * chance.lognormvariate(5.5, 1.2))


def _memo(chance: random.Random, party: str) -> str:
    return f"{party} {chance.choice(_CHANNELS)}"[: max(_CUT, len(party))].strip()
