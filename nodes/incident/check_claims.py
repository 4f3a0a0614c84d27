"""Check what a model claims of an incident."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from tools.incidents import wording


class Reads(TypedDict):
    """Where the answer lies, and whether there is one."""

    run_id: str
    words: dict[str, Any]


class Writes(TypedDict):
    """The claims that stand, and why others were removed."""

    words: dict[str, Any]


def check_claims(state: Reads) -> Writes:
    """Keep the claims whose figures and names the cited facts give; the ranking stays as it is."""
    return {"words": {**state["words"], **wording.check(state)}}
