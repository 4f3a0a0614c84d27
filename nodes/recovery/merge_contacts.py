"""Bring the searches for contacts together."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from tools.recovery import by_rule
from tools.recovery.contacts import find


class Reads(TypedDict):
    """What each search came to."""

    entity: str
    contacts: NotRequired[dict[str, find.ContactOutcome]]


class Writes(TypedDict):
    """How many parties have a contact, how many have none, and what a rule approved."""

    merged: dict[str, int]


def merge_contacts(state: Reads) -> Writes:
    """Count them, and approve by rule what the rules leave to a contact that was found."""
    outcomes = state.get("contacts") or {}
    reached = {party_id for party_id, outcome in outcomes.items() if outcome["contacts"]}
    approved = by_rule.approve_found(state["entity"], reached)
    counts = {"with_contact": len(reached), "without": len(outcomes) - len(reached), "by_rule": approved}
    return {"merged": counts}
