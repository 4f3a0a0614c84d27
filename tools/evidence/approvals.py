"""Find who said yes in a thread, when, and whether that person could for that amount."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_QUOTED = re.compile(r"^\s*(>|On .{5,120} wrote:|-{2,}\s*Original Message|From:\s)", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")
_DENIED = re.compile(
    r"^\W*(has|have|had|did|does|do|is|was|are|were|will|shall|should|may)\b|"
    r"\b(not|never|no|can't|cannot|don't|didn't|won't|isn't|hasn't|wasn't|haven't|without|until|unless|if|"
    r"once|before|pending|await\w*|wait\w*|needs?|needed|require[sd]?|please get|to be|should be|must be|"
    r"reject\w*|declin\w*|refus\w*|withdr\w*|revok\w*|could you|can you|would you|who|ask\w*|"
    r"get it|get this|hold off)\b",
    re.IGNORECASE,
)
_ANOTHERS = re.compile(
    r"\b(he|she|they)\b.{0,20}\b(approv|authori[sz]|sign)|\b(approved|authori[sz]ed) by (?!me\b|us\b)",
    re.IGNORECASE,
)
_REVOKED = re.compile(
    r"\b(withdraw\w*|withdrew|revok\w*|cancel\w*|take back) (my|our|the|this|that) "
    r"(approval|authori[sz]ation|ok)\b|"
    r"\b(do not|don't) (pay|release|proceed)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")


@dataclass(frozen=True)
class Approval:
    """One person's yes: who, when, in which words, and whether they could."""

    doc_id: str
    approver: str
    approved_at: str
    excerpt: str
    may_approve: bool | None
    why: str


class Directory:
    """People of the entity, and how much each may approve."""

    def __init__(
        self, employees: Iterable[Mapping[str, Any]], authority: Iterable[Mapping[str, Any]]
    ) -> None:
        """Take rows of the employee and authority tables."""
        people = list(employees)
        self.names = {row["person_id"]: row["person_name"] for row in people if row["person_id"]}
        self.by_address = {row["email"].lower(): row["person_id"] for row in people if row["email"]}
        self.by_name = {row["person_name"].lower(): row["person_id"] for row in people if row["person_name"]}
        self.limits: dict[str, list[Mapping[str, Any]]] = {}
        for row in authority:
            self.limits.setdefault(row["person_id"], []).append(row)

    def person(self, written: str) -> str | None:
        """Give the person_id behind a sender line, a name or an id."""
        if written in self.names or written in self.limits:
            return written
        address = _ADDRESS.search(written)
        if address:
            return self.by_address.get(address[0].lower())
        return self.by_name.get(written.strip().strip('"').lower())

    def may(self, person: str | None, row: Mapping[str, Any]) -> tuple[bool | None, str]:
        """Say whether a person could approve a row's amount; None without an authority table."""
        own = {self.person(row[name]) for name in ("person_id", "created_by") if row[name]}
        if person is not None and person in own:
            return False, "approves what they spent or entered themselves"
        if not self.limits:
            return None, "no authority table"
        if person is None:
            return False, "is not on the authority table"
        amount = abs(row["amount_minor"] or 0)
        fits = [
            limit
            for limit in self.limits.get(person, ())
            if limit["category"] in (None, "", row["category"])
            and limit["currency"] in (None, "", row["currency"])
        ]
        if not fits:
            return False, "has no authority for this"
        if any(limit["limit_minor"] is None or limit["limit_minor"] >= amount for limit in fits):
            return True, "within their limit"
        return False, "above their limit"


def spoken(body: str, phrases: Sequence[str]) -> str | None:
    """Give the sentence of a message's own lines that says yes, or None.

    Quoted lines are another's words; a question, a negation, a condition or a report of what
    somebody else did is not a yes.
    """
    for sentence in _SENTENCE.findall(_own_text(body)):
        if _says_yes(sentence, phrases):
            return str(sentence).strip()[:300]
    return None


def find(
    row: Mapping[str, Any],
    messages: Sequence[Mapping[str, Any]],
    directory: Directory,
    phrases: Sequence[str],
) -> list[Approval]:
    """Give each approval in a row's threads, and the one that the books themselves carry.

    messages: of one row's threads, oldest first. A yes that a later message takes back is none.
    """
    found = [_recorded(row, directory)] if row["approved_by"] else []
    for place, message in enumerate(messages):
        sentence = spoken(message["body"] or "", phrases)
        if sentence:
            later = [one for one in messages[place + 1 :] if one["thread_id"] == message["thread_id"]]
            found.append(_said(row, message, sentence, later, directory))
    return found


def _said(
    row: Mapping[str, Any],
    message: Mapping[str, Any],
    sentence: str,
    later: Sequence[Mapping[str, Any]],
    directory: Directory,
) -> Approval:
    person = directory.person(message["sender"] or "")
    may, why = directory.may(person, row)
    if person is None and directory.names:
        may, why = False, "is not an employee"
    back = next((one for one in later if _REVOKED.search(_own_text(one["body"] or ""))), None)
    if back is not None:
        may, why = False, f"taken back on {back['sent_at']}"
    return Approval(
        doc_id=message["doc_id"],
        approver=person or message["sender"] or "unknown",
        approved_at=str(message["sent_at"] or ""),
        excerpt=sentence,
        may_approve=may,
        why=f"{message['link']}; {why}",
    )


def _recorded(row: Mapping[str, Any], directory: Directory) -> Approval:
    person = directory.person(row["approved_by"])
    may, why = directory.may(person or row["approved_by"], row)
    return Approval(
        doc_id=f"{row['source']}:{row['txn_id'] or row['row_key']}",
        approver=person or row["approved_by"],
        approved_at="",
        excerpt=f"approved_by: {row['approved_by']}",
        may_approve=may,
        why=f"in the books; {why}",
    )


def _own_text(body: str) -> str:
    """Give what the sender wrote: no quoted lines, and wrapped lines joined again."""
    text = ""
    for line in body.splitlines():
        if _QUOTED.match(line):
            if not line.lstrip().startswith(">"):
                break
            continue
        joined = line.strip()
        text += (" " if joined[:1].islower() else "\n") + joined
    return text


def _says_yes(sentence: str, phrases: Sequence[str]) -> bool:
    lowered = sentence.lower().strip()
    if lowered.endswith("?") or _DENIED.search(lowered) or _ANOTHERS.search(lowered):
        return False
    return any(re.search(rf"\b{re.escape(phrase)}\b", lowered) for phrase in phrases)
