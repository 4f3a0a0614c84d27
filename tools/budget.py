"""What a run may spend on models: dollars and tokens, checked before and after each call."""

from __future__ import annotations

import threading
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from tools.errors import TieoutError

MILLION = Decimal(1_000_000)


class BudgetError(TieoutError):
    """The run's budget for models is used up."""


class Price(BaseModel):
    """Dollars for a million tokens."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    input: Decimal = Field(ge=0)
    output: Decimal = Field(ge=0)

    def cost(self, tokens_in: int, tokens_out: int) -> Decimal:
        """Give the dollars of a call, exact."""
        return (self.input * tokens_in + self.output * tokens_out) / MILLION


class Budget:
    """Dollars and tokens of one run; safe under threads.

    A call reserves its most before it is made and settles what it came to, so that calls side by
    side cannot overspend together. tokens 0 is no limit on tokens.
    """

    def __init__(self, dollars: Decimal, tokens: int = 0) -> None:
        self.dollars, self.tokens = dollars, tokens
        self.spent, self.used = Decimal(0), 0
        self._held, self._held_tokens = Decimal(0), 0
        self._lock = threading.Lock()

    def reserve(self, dollars: Decimal, tokens: int) -> None:
        """Set aside the most that a call can cost. Raises BudgetError when that is not left."""
        with self._lock:
            if self.spent + self._held + dollars > self.dollars:
                raise BudgetError(
                    f"the budget of {self.dollars} dollars is used up ({self.spent:.4f} spent)."
                )
            if self.tokens and self.used + self._held_tokens + tokens > self.tokens:
                raise BudgetError(f"the budget of {self.tokens} tokens is used up ({self.used} used).")
            self._held += dollars
            self._held_tokens += tokens

    def settle(self, reserved: tuple[Decimal, int], dollars: Decimal, tokens: int) -> None:
        """Put what a call came to in place of what was set aside for it."""
        with self._lock:
            self._held -= reserved[0]
            self._held_tokens -= reserved[1]
            self.spent += dollars
            self.used += tokens
