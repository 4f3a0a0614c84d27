"""Ask a person at the gate, before anything is spent."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from tools.audit import ask
from tools.core.refs import RequestRef


class Reads(TypedDict):
    """Why the gate is asked."""

    run_id: str
    merged: dict[str, Any]


class Writes(TypedDict):
    """The request."""

    request: RequestRef
    notice: str


def ask_gate(state: Reads) -> Writes:
    """Record the request and its notice, once."""
    return {"request": ask.ask_gate(state["run_id"], state["merged"]["gate_reasons"]), "notice": ""}
