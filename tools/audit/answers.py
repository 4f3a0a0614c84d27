"""What an audit asks at its interrupts, and which answers it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tools.approvals import answers
from tools.approvals.answers import Caller, CheckedAnswers
from tools.approvals.eligibility import Word, unsound_severity
from tools.approvals.votes import Ballot
from tools.audit import change_thresholds, request_text
from tools.audit.ask import RULES
from tools.store import Store, flags


def question(state: Mapping[str, Any]) -> dict[str, Any]:
    """Build the HITL request for the subjects that still wait, their first flags in short."""
    return answers.question(state["request"]["request_id"], state.get("notice") or "", _flags)


def take(answer: object, state: Mapping[str, Any], caller: Caller) -> CheckedAnswers:
    """Read and authenticate an answer: on cases, on single flags, or on the thresholds (subject "rules")."""

    def unsound(word: Word) -> str:
        if word.subject != RULES:
            return unsound_severity(word)
        changes = word.changes.get("rules") if word.verdict == "modify" else None
        return change_thresholds.refused(state["run_id"], changes)

    return answers.take(answer, state["request"]["request_id"], caller, unsound)


def _flags(store: Store, ballot: Ballot, units: Sequence[str]) -> list[dict[str, Any]]:
    by_id = {flag.flag_id: flag for flag in flags.by_ids(store, units)}
    return [request_text.item(by_id[unit], ballot.need(unit)) for unit in units if unit in by_id]
