"""Find who said yes in a thread, when, and whether that person could for that amount."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from email.utils import parseaddr
from typing import Any

from tools.core import money
from tools.evidence import approval_phrases
from tools.evidence.approval_phrases import spoken

__all__ = ["ApprovalEvidence", "MailMessage", "NamingMessage", "StaffDirectory", "find", "heard", "spoken"]
UNVERIFIED = "unverified:"


@dataclass(frozen=True)
class ApprovalEvidence:
    """One person's yes: who, when, in which words, and whether they could."""

    doc_id: str
    approver: str
    approved_at: str
    excerpt: str
    may_approve: bool | None
    why: str


@dataclass(frozen=True)
class MailMessage:
    """A message of a thread, heard once: the sentence that says yes, and whether it takes one back."""

    doc_id: str
    thread_id: str
    sent_at: str
    sender: str
    yes: str | None
    takes_back: bool


@dataclass(frozen=True)
class NamingMessage:
    """A message that names a row: which, when, whose, and how it names it."""

    doc_id: str
    sent_at: str
    sender: str
    link: str


def heard(row: Mapping[str, Any], phrases: Sequence[str]) -> MailMessage:
    """Hear a message: doc_id, thread_id, sent_at, sender, body."""
    body = row["body"] or ""
    sent = str(row["sent_at"] or "")
    back = approval_phrases.takes_back(body)
    yes = None if back else spoken(body, phrases)
    return MailMessage(row["doc_id"], row["thread_id"], sent, row["sender"] or "", yes, back)


class StaffDirectory:
    """People of the entity, and how much each may approve. A name that two people have names neither."""

    def __init__(
        self,
        employees: Iterable[Mapping[str, Any]],
        authority: Iterable[Mapping[str, Any]],
        currency: str = "",
    ) -> None:
        """Take rows of the employee and authority tables; currency: the entity's."""
        people = list(employees)
        self.currency = currency
        self.names = {row["person_id"]: row["person_name"] for row in people if row["person_id"]}
        self.by_address = _alone((row["email"], row["person_id"]) for row in people)
        self.by_name = _alone((row["person_name"], row["person_id"]) for row in people)
        self.left = {row["person_id"]: row["left_on"] for row in people if row.get("left_on")}
        self.limits: dict[str, list[Mapping[str, Any]]] = {}
        for row in authority:
            self.limits.setdefault(row["person_id"], []).append(row)

    def person(self, written: str) -> str | None:
        """Give the person_id behind a sender line, a name or an id.

        An address decides; a name before it is whatever its sender liked.
        """
        if written in self.names or written in self.limits:
            return written
        if written.startswith(UNVERIFIED):
            return None
        name, address = parseaddr(written)
        if "<" in written or "@" in written:
            return self.by_address.get(address.casefold()) if "@" in address else None
        return self.by_name.get((name or written).strip().strip('"').casefold())

    def may(self, person: str | None, row: Mapping[str, Any], at: str = "") -> tuple[bool | None, str]:
        """Say whether a person could approve a row's amount; None without an authority table.

        at: when they said so, as ISO text.
        """
        names = ("person_id", "person_name", "created_by")
        own = {self.person(str(row[name])) for name in names if row.get(name)}
        if person is not None and person in own:
            return False, "approves what they spent or entered themselves"
        if person is not None and self._gone(person, at):
            return False, f"had left on {self.left[person]}"
        if not self.limits:
            return None, "no authority table"
        if person is None:
            return False, "is not on the authority table"
        return self._within(person, row)

    def _gone(self, person: str, at: str) -> bool:
        last_day = self.left.get(person)
        return isinstance(last_day, date) and bool(at) and at[:10] > last_day.isoformat()

    def _within(self, person: str, row: Mapping[str, Any]) -> tuple[bool, str]:
        priced = [
            (limit, amount)
            for limit in self.limits.get(person, ())
            if limit["category"] in (None, "", row["category"])
            and (amount := self._in(limit["currency"], row)) is not None
        ]
        if not priced:
            return False, "has no authority for this"
        if any(limit["limit_minor"] is None or limit["limit_minor"] >= amount for limit, amount in priced):
            return True, "within their limit"
        return False, "above their limit"

    def _in(self, currency: str | None, row: Mapping[str, Any]) -> int | None:
        """Give a row's amount in a limit's currency: its own, or the entity's at the row's rate."""
        amount = abs(int(row["amount_minor"] or 0))
        if currency in (None, "", row["currency"]):
            return amount
        exposed, base = row.get("exposure_minor"), row.get("exposure_base")
        if currency != self.currency or not exposed or base is None:
            return None
        return -(-amount * int(base) // int(exposed))  # up: a limit is not passed by rounding


def find(
    row: Mapping[str, Any],
    threads: Sequence[tuple[Sequence[NamingMessage], Sequence[MailMessage]]],
    directory: StaffDirectory,
) -> list[ApprovalEvidence]:
    """Give each approval in a row's threads, and the one that the books themselves carry.

    threads: what names the row in each, and its messages, the oldest first. A yes is to the row when its
    own message names it, or an earlier one of somebody in the house: what others add to a thread asks for
    nothing. A yes that its sender, or somebody who could have given it, takes back later is none.
    """
    approvals = [_recorded(row, directory)] if row["approved_by"] else []
    for named, messages in threads:
        for place, message in enumerate(messages):
            link = _request_before(named, message, directory) if message.yes else ""
            if link:
                approvals.append(_approval_by(row, link, message, messages[place + 1 :], directory))
    return approvals


def _request_before(named: Sequence[NamingMessage], yes: MailMessage, directory: StaffDirectory) -> str:
    """Say what makes a yes one to the row; "" when nothing does."""
    own = [request.link for request in named if request.doc_id == yes.doc_id]
    before = [
        request.link
        for request in named
        if (request.sent_at, request.doc_id) < (yes.sent_at, yes.doc_id)
        and (not directory.names or directory.person(request.sender) is not None)
    ]
    return min([*own, *before], default="")


def _approval_by(
    row: Mapping[str, Any],
    link: str,
    message: MailMessage,
    later: Sequence[MailMessage],
    directory: StaffDirectory,
) -> ApprovalEvidence:
    person = directory.person(message.sender)
    may, why = directory.may(person, row, message.sent_at)
    if message.sender.startswith(UNVERIFIED):
        may, why = False, "could not be verified as its sender"
    elif person is None and directory.names:
        may, why = False, "is not an employee"
    if may is not False and (less := _too_little(message.yes or "", row)):
        may, why = False, less
    back = next(
        (reply for reply in later if reply.takes_back and _counts(reply, message, row, directory)), None
    )
    if may is not False and back is not None:
        may, why = False, f"taken back on {back.sent_at}"
    return ApprovalEvidence(
        doc_id=message.doc_id,
        approver=person or message.sender or "unknown",
        approved_at=message.sent_at,
        excerpt=message.yes or "",
        may_approve=may,
        why=f"{link}; {why}",
    )


def _counts(back: MailMessage, yes: MailMessage, row: Mapping[str, Any], directory: StaffDirectory) -> bool:
    """Whether a withdrawal counts: by whoever said yes, or by one who could have."""
    if back.sender == yes.sender:
        return True
    person = directory.person(back.sender)
    if person is None:
        return False
    return person == directory.person(yes.sender) or directory.may(person, row, back.sent_at)[0] is not False


def _too_little(sentence: str, row: Mapping[str, Any]) -> str:
    """Say up to which amount a yes goes when that is less than the row's; "" when it is not."""
    most: Decimal | None = approval_phrases.cap(sentence)
    if most is None or most >= Decimal(money.to_text(abs(row["amount_minor"] or 0), row["currency"])):
        return ""
    return f"approves only {most:,.2f}"


def _recorded(row: Mapping[str, Any], directory: StaffDirectory) -> ApprovalEvidence:
    person = directory.person(row["approved_by"])
    may, why = directory.may(person or row["approved_by"], row)
    return ApprovalEvidence(
        doc_id=f"{row['source']}:{row['txn_id'] or row['row_key']}",
        approver=person or row["approved_by"],
        approved_at="",
        excerpt=f"approved_by: {row['approved_by']}",
        may_approve=may,
        why=f"in the books; {why}",
    )


def _alone(pairs: Iterable[tuple[str | None, str]]) -> dict[str, str]:
    """Give name -> id of the names that only one has."""
    pairs_named = {(name.casefold().strip(), target) for name, target in pairs if name and target}
    counts = Counter(name for name, _ in pairs_named)
    return {name: target for name, target in pairs_named if counts[name] == 1}
