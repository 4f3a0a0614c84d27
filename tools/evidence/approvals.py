"""Find who said yes in a thread, when, and whether that person could for that amount."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_QUOTED = re.compile(r"^\s*(>|On .{5,120} wrote:|-{2,}\s*Original Message|From:\s)", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")
_DENIED = re.compile(
    r"\b(not|never|no|can't|cannot|don't|didn't|won't|isn't|hasn't|wasn't|haven't|without|until|unless|if|"
    r"once|before|pending|await\w*|wait\w*|needs?|needed|require[sd]?|please get|to be|should be|must be|"
    r"reject\w*|declin\w*|refus\w*|withdr\w*|revok\w*|could you|can you|would you|who|ask\w*|"
    r"get it|get this)\b",
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
        if person is not None and person in {row["person_id"], row["created_by"]}:
            return False, "approves what they spent or entered themselves"
        if not self.limits:
            return None, "no authority table"
        if person is None:
            return False, "is not an employee on the authority table"
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

    Quoted lines are another's words; a question, a negation or a condition is not a yes.
    """
    for line in _own_lines(body):
        for sentence in _SENTENCE.findall(line):
            if _says_yes(sentence, phrases):
                return str(sentence).strip()[:300]
    return None


def find(
    row: Mapping[str, Any],
    messages: Sequence[Mapping[str, Any]],
    directory: Directory,
    phrases: Sequence[str],
) -> list[Approval]:
    """Give each approval in a row's threads, and the one that the books themselves carry."""
    found = []
    if row["approved_by"]:
        found.append(_recorded(row, directory))
    for message in messages:
        sentence = spoken(message["body"] or "", phrases)
        if sentence:
            person = directory.person(message["sender"] or "")
            may, why = directory.may(person, row)
            found.append(
                Approval(
                    doc_id=message["doc_id"],
                    approver=person or message["sender"] or "unknown",
                    approved_at=str(message["sent_at"] or ""),
                    excerpt=sentence,
                    may_approve=may,
                    why=f"{message['link']}; {why}",
                )
            )
    return found


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


def _own_lines(body: str) -> Iterable[str]:
    for line in body.splitlines():
        if _QUOTED.match(line):
            if not line.lstrip().startswith(">"):
                return
            continue
        yield line


def _says_yes(sentence: str, phrases: Sequence[str]) -> bool:
    lowered = sentence.lower()
    if sentence.rstrip().endswith("?") or _DENIED.search(lowered):
        return False
    return any(re.search(rf"\b{re.escape(phrase)}\b", lowered) for phrase in phrases)
