"""Prices and limits of language models, as the settings name them."""

from __future__ import annotations

from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

MILLION = Decimal(1_000_000)


class Price(BaseModel):
    """Dollars for a million tokens."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    input: Decimal = Field(ge=0)
    output: Decimal = Field(ge=0)

    def cost(self, tokens_in: int, tokens_out: int) -> Decimal:
        """Give the dollars of a call, exact."""
        return (self.input * tokens_in + self.output * tokens_out) / MILLION


class Limit(BaseModel):
    """The most that may be spent; None sets no limit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    dollars: Decimal | None = Field(None, ge=0)
    tokens: int | None = Field(None, ge=0)
