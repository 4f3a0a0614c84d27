"""Find the money that came."""

from __future__ import annotations

from typing_extensions import TypedDict

from tools.recovery import day


class Reads(TypedDict):
    """The run whose books are looked at, and whose claims."""

    run_id: str
    entity: str


class Writes(TypedDict):
    """Postings that are some claim's money, and claims that they closed."""

    money: dict[str, int]


def match_money(state: Reads) -> Writes:
    """Apply payments and credit notes to claims, each once over all days."""
    return {"money": day.match_money(state["run_id"], state["entity"])}
