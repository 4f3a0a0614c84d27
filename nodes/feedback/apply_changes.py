"""Change the rules as people decided."""

from __future__ import annotations

from typing_extensions import TypedDict

from tools.feedback import asking


class Reads(TypedDict):
    """The round's proposals, and what was decided."""

    proposals: dict[str, list[str]]
    words: dict[str, asking.Word]


class Writes(TypedDict):
    """What became of it."""

    changed: asking.Outcome


def apply_changes(state: Reads) -> Writes:
    """Apply or reject each proposal that was decided; again, it changes nothing."""
    ours = {name: word for name, word in state["words"].items() if name in state["proposals"]["open"]}
    return {"changed": asking.act(ours)}
