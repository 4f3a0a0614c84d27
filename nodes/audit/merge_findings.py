"""Merge the findings of the three checks into suspects and cases."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from tools.audit import merge_and_judge
from tools.core.refs import CheckResult, Ref


class Reads(TypedDict):
    """The checks' results, as references."""

    run_id: str
    checks: dict[str, CheckResult]


class Writes(TypedDict):
    """The suspects, and the counts that decide the route."""

    suspects: Ref
    merged: dict[str, Any]


def merge_findings(state: Reads) -> Writes:
    """Publish suspects and cases; say whether the gate has to be asked, and why."""
    merged = merge_and_judge.merge(state["run_id"], state["checks"])
    return {"suspects": merged.suspects, "merged": merged.counts}
