"""Answer what only reads."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from tools.front_desk import direct_answer


class Reads(TypedDict):
    """The request as it was understood."""

    run_id: str
    started_by: str
    understanding: dict[str, Any]


class Writes(TypedDict):
    """The answer, with all that it rests on."""

    result: dict[str, Any]


def answer(state: Reads) -> Writes:
    """Compute figures, or give what is on record."""
    return {"result": direct_answer.answer(state["run_id"], state["understanding"], state["started_by"])}
