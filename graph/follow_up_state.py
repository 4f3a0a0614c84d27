"""What travels through a day of follow-up: counts, never rows."""

from __future__ import annotations

from typing import Any, NotRequired

from typing_extensions import TypedDict

from tools.core.refs import Answer, RequestRef


class FollowUpInput(TypedDict):
    """What starts a day."""

    sources: NotRequired[str]
    """The sources file with the bank's lines; that of the last recovery where it is absent."""
    replies: NotRequired[str]
    """Folder or mailbox with the answers; as the settings have it where absent."""


class FollowUpState(FollowUpInput):
    """What travels from node to node."""

    run_id: str
    """The run in the store."""
    thread_id: str
    """The thread on which it is decided."""
    started_by: str
    """Who started it, as authenticated."""
    entity: str
    """Whose books they are."""
    received: dict[str, int]
    """Mails that came in, by kind."""
    money: dict[str, int]
    """Postings that are some claim's money, and claims that they closed."""
    stuck: list[dict[str, Any]]
    """What waits longer than it should."""
    tracked: dict[str, int]
    """Claims that ended without an answer."""
    drafted: int
    """Letters drafted."""
    request: RequestRef | None
    """What people are asked now."""
    answered: list[Answer]
    """Authenticated answers that came last."""
    notice: str
    """Why the last answer was not taken."""
    waiting: int
    """How many letters still wait."""
    letters: dict[str, int]
    """Letters approved and rejected."""
    sent: dict[str, int]
    """Letters sent, waiting, cancelled, failed."""
    summary: dict[str, Any]
    """What the day came to."""
    outcome: str
    """followed up."""


class FollowUpOutput(TypedDict):
    """What a day gives back."""

    run_id: str
    """The run in the store."""
    summary: dict[str, Any]
    """What the day came to."""
    outcome: str
    """followed up."""
