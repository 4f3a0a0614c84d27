"""Who may answer a request, on which subject, with which word; each refusal has one text.

The graph that takes an answer, the store that records it and the pages that offer it all ask here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from tools.approvals.votes import Ballot, VoteCount
from tools.core.severity_levels import SEVERITIES
from tools.identity import roles

DONE: Final[Mapping[str, str]] = {
    "approve": "approved",
    "reject": "rejected",
    "modify": "changed",
    "skip": "skipped",
    "retry": "retried",
}


class Reason(NamedTuple):
    """Why a person may not decide: which words it takes away ("" for all), and its text."""

    words: frozenset[str]
    text: str


REASONS: Final[Mapping[str, Reason]] = {
    "started": Reason(
        frozenset(),
        "{user} started this run and so can't decide on its CRITICAL flags: another person has to.",
    ),
    "started_it": Reason(
        frozenset(), "{user} started this and so can't decide on it: another person has to."
    ),
    "reviewed": Reason(
        frozenset({"approve"}),
        "{user} made most of the reviews behind {subject}: another person approves it.",
    ),
}


class Word(NamedTuple):
    """What a person would answer on one subject, or on one unit of it."""

    subject: str
    verdict: str
    changes: Mapping[str, Any] = {}
    note: str = ""


def role_refusal(user: str, held_roles: Iterable[str], kind: str) -> str:
    """Say why somebody's roles do not let them answer requests of a kind, or "" where they do."""
    if roles.may_answer(held_roles, kind):
        return ""
    return f"{user} has no role that may decide; it takes one of: {roles.answerers(kind)}."


def refusal(
    ballot: Ballot,
    counts: Mapping[str, VoteCount],
    word: Word,
    user: str,
    held_roles: Iterable[str],
    *,
    title: str = "",
) -> str:
    """Say why a person's word on a subject, or on a unit of one, does not count; "" where it does.

    title: what to call the subject in the text; its name where absent.
    """
    request, name = ballot.request, title or word.subject
    if request.status != "open":
        return f"request {request.request_id} is closed ({request.outcome})."
    if why := role_refusal(user, held_roles, request.kind):
        return why
    if not ballot.units(word.subject):
        return f"'{name}' is not asked."
    waiting = ballot.waiting(word.subject, counts)
    if not waiting:
        return f"'{name}' is settled already: enough others have decided."
    return _barred(ballot, waiting, word, user, name) or _repeated_vote(ballot, waiting, word, user, name)


def settled(ballot: Ballot, counts: Mapping[str, VoteCount], subject: str) -> bool:
    """Say whether nothing of a subject waits any more."""
    return bool(ballot.units(subject)) and not ballot.waiting(subject, counts)


def unsound_severity(word: Word) -> str:
    """Say what is wrong with a change of severity, or "" where nothing is."""
    if word.verdict != "modify" or str(word.changes.get("severity", "")).upper() in SEVERITIES:
        return ""
    return f"To modify, give a severity: one of {', '.join(SEVERITIES)}."


def without_reason(word: Word, title: str) -> str:
    """Say that what goes on in spite of a failure takes a reason, or "" where there is one."""
    if word.verdict not in {"approve", "skip"} or word.note.strip():
        return ""
    return f"To {word.verdict} {title}, say why in the note: the reason stands in the file."


def _barred(ballot: Ballot, waiting: Iterable[str], word: Word, user: str, name: str) -> str:
    for unit in waiting:
        code = ballot.barred(unit).get(user)
        if code is None:
            continue
        reason = REASONS[code]
        if not reason.words or word.verdict in reason.words:
            return reason.text.format(user=user, subject=name)
    return ""


def _repeated_vote(ballot: Ballot, waiting: list[str], word: Word, user: str, name: str) -> str:
    before = next((vote for vote in ballot.by_name.get(word.subject, []) if vote.by == user), None)
    if before is None:
        return ""
    done = f"{user} has {DONE[str(before.verdict)]} '{name}' already"
    if before.verdict == word.verdict and (word.verdict != "modify" or before.changes == dict(word.changes)):
        return f"{done}; it needs another person too."
    # A person may think again, but not where the first word has settled part of it.
    return f"{done}; decide it part by part." if len(waiting) < len(ballot.units(word.subject)) else ""
