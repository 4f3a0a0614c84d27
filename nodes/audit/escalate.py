"""Judge how grave each suspect is, and explain it."""

from __future__ import annotations

from typing import Any, NotRequired

from typing_extensions import TypedDict

import prompts
from tools.audit import merge_and_judge
from tools.core.refs import CheckResult, Ref


class Reads(TypedDict):
    """Suspects and evidence as references, what the checks came to, and what people changed."""

    run_id: str
    suspects: Ref
    evidence: Ref
    checks: dict[str, CheckResult]
    overrides: NotRequired[dict[str, str]]


class Writes(TypedDict):
    """The judged flags."""

    flags: Ref
    judged: dict[str, Any]


def escalate(state: Reads) -> Writes:
    """Score, apply the rules, explain; severity is what the rules say, or a person who changed it.

    A model, where one is configured, only words.
    """
    judged = merge_and_judge.escalate(
        state["run_id"],
        state["suspects"],
        state["evidence"],
        state["checks"],
        overrides=state.get("overrides") or {},
        prompt=prompts.load("explain_case"),
    )
    return {"flags": judged.ref, "judged": judged.facts}
