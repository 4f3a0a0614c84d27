"""Understand a sentence."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

import prompts
from tools.front_desk import request, rewording
from tools.front_desk.rewording import WordingRequest


class Reads(TypedDict):
    """What was said, by whom."""

    run_id: str
    thread_id: str
    started_by: str
    text: str


class Writes(TypedDict):
    """What it was understood to ask."""

    understanding: dict[str, Any]


def understand(state: Reads) -> Writes:
    """Read it by the grammar over the words of the house and the names of the books; a model may word it."""
    wording = WordingRequest(state["run_id"], prompts.load(rewording.PURPOSE))
    understanding = request.understand(state["text"], state["started_by"], state["thread_id"], wording)
    return {"understanding": understanding}
