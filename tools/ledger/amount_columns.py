"""A source's amounts as SQL: from the texts of its cells to signed minor units."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from tools.core import money
from tools.ledger.sources import TRANSACTIONS, Entity, Source

CREDIT_IS_IN: Final = ("bank",)  # elsewhere a debit is the positive side
_RATE_PLACES: Final = 9
PARTS: Final = ("net", "tax")  # of an amount: with its sign, and empty where a cell is no number ("exempt")


@dataclass(frozen=True)
class AmountColumns:
    """Writes the expressions of one source's amounts over the columns t_, n_, x_ and a_ of `FileQuery`.

    named: column of the file -> expression of its cell. bind: takes a value, gives its placeholder.
    """

    source: Source
    entity: Entity
    canonical: Mapping[str, str]
    named: Mapping[str, str]
    bind: Callable[[object], str]

    @property
    def columns(self) -> list[str]:
        """Canonical columns of money and rates."""
        return [n for n, k in self.canonical.items() if n.endswith(("_minor", "_e9")) and k == "BIGINT"]

    def names(self) -> list[str]:
        """Name the source's columns of amounts, sides and fees among them."""
        money_columns = {name.rsplit("_", 1)[0] for name in self.columns} | {"debit", "credit", "fee"}
        return [name for name in self.source.columns if name in money_columns]

    def places(self) -> str:
        """Give the decimals of the row's currency."""
        if "currency" in self.source.columns:
            return "places(code)"
        return str(money.exponent(self.source.currency or self.entity.currency))

    def valued(self) -> dict[str, str]:
        """Give each column in minor units, as it stands (a_), and whether digits were dropped (r_)."""
        values = {}
        for name in self.names():
            places = str(_RATE_PLACES) if f"{name}_e9" in self.canonical else "places"
            values[f"a_{name}"] = f"minor_of(n_{name}, x_{name}, {places})"
            if self.source.kind in TRANSACTIONS and name not in ("balance", *PARTS):
                values[f"r_{name}"] = f"is_rounded_of(n_{name}, x_{name}, {places})"
        return values or {"a_": "NULL"}

    def minor(self, column: str) -> str | None:
        """Give the expression of a money column, None when nothing is mapped to it."""
        name = column.rsplit("_", 1)[0]
        turned = self._sign_factor() if name in ("amount", *PARTS) else ""
        if name in self.source.columns:
            return f"{turned}{self._with_fee(name)}"
        sides = [n for n in ("debit", "credit") if n in self.source.columns]
        if name != "amount" or not sides:
            return None
        plus = "credit" if self.source.kind in CREDIT_IS_IN else "debit"
        minus = "+" if self.source.sides == "signed" else "-"
        terms = " ".join(f"{'+' if n == plus else minus} coalesce(a_{n}, 0)" for n in sides)
        fee = ["fee"] if "fee" in self.source.columns else []
        terms += "".join(f" {self._fee_sign()} coalesce(a_{n}, 0)" for n in fee)
        empty = " AND ".join(f"t_{n} IS NULL" for n in [*map(str, sides), *fee])
        return f"CASE WHEN NOT ({empty}) THEN {turned}({terms}) END"

    def _with_fee(self, name: str) -> str:
        """Give a column's value; an amount with the fee that leaves the account beside it."""
        if name != "amount" or "fee" not in self.source.columns:
            return f"a_{name}"
        return f"(a_{name} {self._fee_sign()} coalesce(a_fee, 0))"

    def _fee_sign(self) -> str:
        return "+" if self.source.fees == "added" else "-"

    def _sign_factor(self) -> str:
        """Give the factor that brings an amount's sign to the convention of its kind."""
        fixed = "-" if self.source.sign == "negate" else ""
        if not self.source.negate_where:
            return fixed
        condition = " OR ".join(
            f"coalesce(list_contains({self.bind(values)}, {self.named[column]}), FALSE)"
            for column, values in self.source.negate_where.items()
        )
        return f"{fixed}(CASE WHEN {condition} THEN -1 ELSE 1 END) * "
