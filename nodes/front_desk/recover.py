"""Recover from what has failed, by the table of strategies."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from tools.front_desk import execution


class Reads(TypedDict):
    """The request, its plan, and what has failed."""

    run_id: str
    started_by: str
    understanding: dict[str, Any]
    plan: dict[str, Any]
    result: dict[str, Any]


class Writes(TypedDict):
    """What was put down after all, or why a person has to look at it."""

    started: list[dict[str, Any]]
    result: dict[str, Any]


def recover(state: Reads) -> Writes:
    """Try what the table has for the error; each attempt is on record."""
    started, error = execution.recover(
        state["run_id"],
        state["plan"],
        state["understanding"],
        state["started_by"],
        state["result"]["why"],
    )
    return {"started": started, "result": {"kind": "failed", "why": error} if error else {"kind": "started"}}
