"""Tell people that changes of the rules wait for them, or approve by rule where the settings say so."""

from __future__ import annotations

from typing_extensions import TypedDict

from tools.core import settings
from tools.feedback import asking, rounds


class Reads(TypedDict):
    """The round and its proposals."""

    round_id: str
    proposals: dict[str, list[str]]


class Writes(TypedDict):
    """The words of the rule, if it has any."""

    words: dict[str, asking.Word]
    notice: str


def ask_changes(state: Reads) -> Writes:
    """Queue the notice, once; with automatic application, say yes to what nothing speaks against."""
    if settings.load().feedback_automatic:
        return {"words": asking.by_rule(state["proposals"]["open"]), "notice": ""}
    rounds.tell(state["round_id"], rounds.subjects(state["round_id"]))
    return {"words": {}, "notice": ""}
