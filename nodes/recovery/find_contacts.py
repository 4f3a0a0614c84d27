"""Find whom to write to at one party."""

from __future__ import annotations

from typing_extensions import TypedDict

from tools.recovery.contacts import find


class Reads(TypedDict):
    """The run, and the party."""

    run_id: str
    party_id: str


class Writes(TypedDict):
    """What the search came to, under the party's id."""

    contacts: dict[str, find.ContactOutcome]


def find_contacts(state: Reads) -> Writes:
    """Ask each source in order; one party's failure is a result of its own and stops no other's."""
    return {"contacts": {state["party_id"]: find.attempt(state["run_id"], state["party_id"])}}
