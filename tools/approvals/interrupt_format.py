"""Ask people in the shape that approval UIs read, and read both shapes in which they answer.

Request: {"action_requests": [{"name", "args", "arguments", "description"}],
"review_configs": [{"action_name", "allowed_decisions"}]}.
Answers: {"decisions": [{"type": "approve" | "reject" | "edit" | "skip", ...}]} or
[{"type": "accept" | "ignore" | "response" | "edit", "args": ...}], one for each action asked, in order.
A decision may name its subject, in itself or in the action that it hands back; it then may stand alone, and
leaves the other subjects open. A lone one that names none is about the first subject: Agent Inbox shows and
answers the first action alone.
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
        {
            "name": name,
            "args": dict(subject),
            "arguments": dict(subject),
            "description": str(subject["description"]),
        }
        for subject in subjects
    ]
    review = [{"action_name": name, "allowed_decisions": list(allowed)}]
    return {"action_requests": actions, "review_configs": review, "notice": notice}


def read(
    answer: object,
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
    names = _subjects(decisions, subjects)
    if isinstance(names, str):
        return names
    if len(set(names)) < len(names):
        return "A subject was decided twice in one answer."
    verdicts = [_verdict(decision, name, allowed) for decision, name in zip(decisions, names, strict=True)]
    for verdict in verdicts:
        if isinstance(verdict, str):
            return verdict
        if verdict.subject not in subjects and verdict.subject not in also:
            return f"'{verdict.subject}' is not asked."
    return [verdict for verdict in verdicts if isinstance(verdict, Verdict)]


def _subjects(decisions: Sequence[Any], subjects: Sequence[str]) -> list[str] | str:
    """Name what each decision is about: as it says itself, else by its place, a lone one the first."""
    names = [_subject(decision) for decision in decisions]
    if all(names):
        return names
    if len(decisions) == len(subjects) or (len(decisions) == 1 and subjects):
        return [name or subject for name, subject in zip(names, subjects, strict=False)]
    return f"{len(subjects)} decisions are asked, {len(decisions)} were given."


def _subject(decision: object) -> str:
    if not isinstance(decision, Mapping):
        return ""
    return str(decision.get("subject") or _action(decision).get("subject") or "")


def _action(decision: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the arguments of the action that a UI hands back with its decision."""
    action = decision.get("edited_action", decision.get("args"))
    arguments = action.get("args", action) if isinstance(action, Mapping) else {}
    return arguments if isinstance(arguments, Mapping) else {}


def _verdict(decision: Any, subject: str, allowed: Sequence[str]) -> Verdict | str:  # noqa: ANN401 - as above
    kind = decision.get("type") if isinstance(decision, Mapping) else None
    if not isinstance(kind, str) or kind not in {*_VERDICTS, "response", *allowed}:
        return f"A decision's type is one of {', '.join(allowed)}."
    text = decision.get("args")
    if kind == "response":  # free text: only a bare word counts as a decision
        kind, text = str(text).strip().lower(), ""
    verdict = kind if kind in allowed else _VERDICTS.get(kind, kind)
    if verdict not in allowed:
        return f"'{kind}' is not allowed here: {', '.join(allowed)}."
    note = decision.get("message") or decision.get("note") or (text if isinstance(text, str) else "")
    changes = dict(_action(decision)) if verdict == "modify" else {}
    return Verdict(subject, cast("refs.Verdict", verdict), changes, str(note))
