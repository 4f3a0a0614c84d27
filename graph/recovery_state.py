"""What travels through recovery's graph: references and counts, never rows."""

from __future__ import annotations

from typing import Annotated, Any, NotRequired

from typing_extensions import TypedDict

from graph.runtime.reducers import by_key
from tools.core.refs import Answer, RequestRef
from tools.recovery.contacts.find import ContactOutcome


class RecoveryInput(TypedDict):
    """What starts a recovery."""

    sources: NotRequired[str]
    """The sources file with the books; that of the last audit where it is absent."""
    prospects: NotRequired[dict[str, Any]]
    """Industry, location and count: firms to write to are looked for, and not what is owed."""


class RecoveryState(RecoveryInput):
    """What travels from node to node."""

    run_id: str
    """The run in the store."""
    thread_id: str
    """The thread on which it is decided."""
    started_by: str
    """Who started it, as authenticated."""
    entity: str
    """Whose books they are."""
    scouted: dict[str, int]
    """Claims that are new, known before, and too small."""
    tiers: dict[str, int]
    """Claims that wait for a decision, by tier."""
    request: RequestRef | None
    """What people are asked now."""
    answered: list[Answer]
    """Authenticated answers that came last."""
    notice: str
    """Why the last answer was not taken."""
    waiting: int
    """How many subjects of the request still wait."""
    decided: dict[str, int]
    """Claims approved and rejected."""
    parties: list[str]
    """Parties whose contacts are looked for."""
    contacts: Annotated[dict[str, ContactOutcome], by_key]
    """What each search came to."""
    merged: dict[str, int]
    """Parties with a contact and without, and claims approved by rule."""
    drafted: int
    """Letters drafted."""
    letters: dict[str, int]
    """Letters approved and rejected."""
    summary: dict[str, Any]
    """What all of it came to."""
    outcome: str
    """pursued, or nothing to pursue."""


class RecoveryOutput(TypedDict):
    """What a recovery gives back."""

    run_id: str
    """The run in the store."""
    summary: dict[str, Any]
    """What all of it came to."""
    outcome: str
    """pursued, or nothing to pursue."""
