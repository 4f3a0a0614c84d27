"""What may be spent on models: dollars and tokens of a run, a node and a case, before and after each call."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from tools.core.errors import TieoutError
from tools.core.model_limits import Limit

_REMEDY = "Raise the limit (tieout settings), or let templates take over: TIEOUT_ON_BUDGET=template."
_SHARE = Decimal("1e-12")  # a case's share of a call that speaks of several


class BudgetError(TieoutError):
    """A budget for models is used up."""


@dataclass
class _Account:
    """What was spent and is set aside under one limit."""

    name: str
    limit: Limit
    spent: Decimal = Decimal(0)
    used: int = 0
    held: Decimal = Decimal(0)
    held_tokens: int = 0

    def refusal(self, dollars: Decimal, tokens: int) -> str:
        """Say why so much more cannot be set aside, or "" when it can."""
        most, limit = self.limit.dollars, self.limit.tokens
        if most is not None and self.spent + self.held + dollars > most:
            return f"the budget of {most} dollars{self.name} is used up ({self.spent:.4f} spent)."
        if limit is not None and self.used + self.held_tokens + tokens > limit:
            return f"the budget of {limit} tokens{self.name} is used up ({self.used} used)."
        return ""


class Budget:
    """The dollars and tokens of one run, of each of its nodes and of each case; safe under threads.

    A call reserves its most before it is made and settles what it came to, so that calls side by
    side cannot overspend together. tokens 0 is no limit on tokens. A call about several cases is
    shared out among them. A node that `nodes` does not name has no limit of its own.
    """

    def __init__(
        self,
        dollars: Decimal,
        tokens: int = 0,
        *,
        nodes: Mapping[str, Limit] = MappingProxyType({}),
        case: Limit | None = None,
    ) -> None:
        self.dollars, self.tokens, self._nodes, self._case = dollars, tokens, nodes, case or Limit()
        self._run = _Account("", Limit(dollars=dollars, tokens=tokens or None))
        self._accounts: dict[str, _Account] = {}
        self._lock = threading.Lock()

    @property
    def spent(self) -> Decimal:
        """Dollars that settled calls of the run came to."""
        return self._run.spent

    @property
    def used(self) -> int:
        """Tokens of the same."""
        return self._run.used

    def reserve(self, dollars: Decimal, tokens: int, *, node: str = "", cases: Sequence[str] = ()) -> None:
        """Set aside the most that a call can cost. Raises BudgetError when that is not left."""
        with self._lock:
            shares = list(self._shares(dollars, tokens, node, cases))
            for account, most, count in shares:
                if refusal := account.refusal(most, count):
                    raise BudgetError(refusal, place="models", remedy=_REMEDY)
            for account, most, count in shares:
                account.held += most
                account.held_tokens += count

    def settle(
        self,
        reserved: tuple[Decimal, int],
        dollars: Decimal,
        tokens: int,
        *,
        node: str = "",
        cases: Sequence[str] = (),
    ) -> None:
        """Put what a call came to in place of what was set aside for it."""
        with self._lock:
            for account, most, count in self._shares(*reserved, node, cases):
                account.held -= most
                account.held_tokens -= count
            self._add(dollars, tokens, node, cases)

    def add(self, dollars: Decimal, tokens: int, *, node: str = "", cases: Sequence[str] = ()) -> None:
        """Count what was spent before, by an earlier process of the same run."""
        with self._lock:
            self._add(dollars, tokens, node, cases)

    def _add(self, dollars: Decimal, tokens: int, node: str, cases: Sequence[str]) -> None:
        for account, cost, count in self._shares(dollars, tokens, node, cases):
            account.spent += cost
            account.used += count

    def _shares(
        self, dollars: Decimal, tokens: int, node: str, cases: Sequence[str]
    ) -> Iterator[tuple[_Account, Decimal, int]]:
        yield self._run, dollars, tokens
        if node:
            yield self._account(f" of {node}", self._nodes.get(node, Limit())), dollars, tokens
        for case in dict.fromkeys(cases):
            share = (dollars / len(set(cases))).quantize(_SHARE)
            yield self._account(f" of case {case}", self._case), share, -(-tokens // len(set(cases)))

    def _account(self, name: str, limit: Limit) -> _Account:
        return self._accounts.setdefault(name, _Account(name, limit))
