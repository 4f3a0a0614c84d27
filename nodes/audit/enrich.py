"""Look for documents that would explain the suspects."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from tools.audit import merge_and_judge
from tools.core.refs import Ref


class Reads(TypedDict):
    """The suspects, as a reference."""

    run_id: str
    suspects: Ref


class Writes(TypedDict):
    """What was found."""

    evidence: Ref
    searched: dict[str, Any]


def enrich(state: Reads) -> Writes:
    """Search receipts, messages, calendar and earlier decisions; publish what speaks of each suspect."""
    result = merge_and_judge.enrich(state["run_id"], state["suspects"])
    return {"evidence": result.ref, "searched": result.facts}
