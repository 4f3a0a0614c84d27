"""Ask people in the shape that approval UIs read, and read both shapes in which they answer.

Request: {"action_requests": [{"name", "args", "arguments", "description"}],
"review_configs": [{"action_name", "allowed_decisions"}]}.
Answers: {"decisions": [{"type": "approve" | "reject" | "edit" | "skip", ...}]} or
[{"type": "accept" | "ignore" | "response" | "edit", "args": ...}], one for each action asked, in order;
a decision that names its "subject" may stand alone, and leaves the other subjects open.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from tools.core import refs

_VERDICTS = {
    "approve": "approve",
    "accept": "approve",
    "reject": "reject",
    "ignore": "skip",
    "skip": "skip",
    "edit": "modify",
    "modify": "modify",
}


@dataclass(frozen=True)
class Verdict:
    """One decision: approve, reject, modify (with changes) or skip."""

    subject: str
    verdict: refs.Verdict
    changes: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""


def ask(
    name: str, subjects: Sequence[Mapping[str, Any]], allowed: Sequence[str], notice: str
) -> dict[str, Any]:
    """Build the request for `subjects`, each a mapping with "subject" and "description"."""
    actions = [
        {"name": name, "args": dict(one), "arguments": dict(one), "description": str(one["description"])}
        for one in subjects
    ]
    review = [{"action_name": name, "allowed_decisions": list(allowed)}]
    return {"action_requests": actions, "review_configs": review, "notice": notice}


def read(
    answer: Any,  # noqa: ANN401 - whatever a client sent
    subjects: Sequence[str],
    allowed: Sequence[str],
    also: Collection[str] = (),
) -> list[Verdict] | str:
    """Read an answer to `subjects`; give the verdicts, or say in words why it is none.

    also: what may be named beside them, such as a single flag of a case.
    """
    decisions = answer.get("decisions") if isinstance(answer, Mapping) else answer
    if not isinstance(decisions, Sequence) or isinstance(decisions, str) or not decisions:
        return "An answer is {'decisions': [...]} with one decision for each action asked."
    named = [_subject(decision) for decision in decisions]
    if not any(named):
        if len(decisions) != len(subjects):
            return f"{len(subjects)} decisions are asked, {len(decisions)} were given."
        named = list(subjects)
    verdicts = [_verdict(decision, name, allowed) for decision, name in zip(decisions, named, strict=True)]
    if len(set(named)) < len(named):
        return "A subject was decided twice in one answer."
    for verdict in verdicts:
        if isinstance(verdict, str):
            return verdict
        if verdict.subject not in subjects and verdict.subject not in also:
            return f"'{verdict.subject}' is not asked."
    return [verdict for verdict in verdicts if isinstance(verdict, Verdict)]


def _subject(decision: Any) -> str:  # noqa: ANN401 - whatever a client sent
    return str(decision.get("subject", "")) if isinstance(decision, Mapping) else ""


def _verdict(decision: Any, subject: str, allowed: Sequence[str]) -> Verdict | str:  # noqa: ANN401 - as above
    if not isinstance(decision, Mapping) or decision.get("type") not in {*_VERDICTS, "response", *allowed}:
        return f"A decision's type is one of {', '.join(allowed)}."
    kind = str(decision["type"])
    args = decision.get("args", decision.get("edited_action"))
    if kind == "response":  # free text: only a bare word counts as a decision
        kind = str(args).strip().lower()
    verdict = kind if kind in allowed else _VERDICTS.get(kind, kind)
    if verdict not in allowed:
        return f"'{kind}' is not allowed here: {', '.join(allowed)}."
    note = decision.get("message") or decision.get("note") or ""
    return Verdict(
        subject, cast("refs.Verdict", verdict), _changes(args) if verdict == "modify" else {}, str(note)
    )


def _changes(args: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    if not isinstance(args, Mapping):
        return {}
    inner = args.get("args", args)
    return dict(inner) if isinstance(inner, Mapping) else {}
