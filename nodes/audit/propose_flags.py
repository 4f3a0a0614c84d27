"""Record the judged flags as proposed, before anybody is asked."""

from __future__ import annotations

from typing import Any, NotRequired

from typing_extensions import TypedDict

from tools.audit import apply_decisions
from tools.core.refs import Ref


class Reads(TypedDict):
    """Suspects and judged flags, as references; what observers came to; what a decision changed before."""

    run_id: str
    suspects: Ref
    flags: Ref
    investigated: NotRequired[dict[str, Any]]
    proposed: NotRequired[dict[str, Any]]


class Writes(TypedDict):
    """Which flags were new, known, and need a person."""

    proposed: dict[str, Any]


def propose_flags(state: Reads) -> Writes:
    """Raise each flag once over all runs; note or approve by rule what the rules leave to them."""
    proposed = apply_decisions.propose(
        state["run_id"], state["suspects"], state["flags"], state.get("investigated") or {}
    )
    again = bool(state.get("proposed", {}).get("modified"))
    return {"proposed": {**proposed, "judged_again": again}}
