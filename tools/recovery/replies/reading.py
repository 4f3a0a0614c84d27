"""What a mail that came in is: a returned letter, a complaint, an automatic answer, or a person's words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

OTHER_BANK: Final = "another account to pay to: ask by a number that you know"
PASSED_ON: Final = "the words of a colleague, passed on"
REMARKS: Final = (OTHER_BANK, PASSED_ON)


@dataclass(frozen=True)
class Bounce:
    """Why a letter to one address came back. hard: another cannot arrive; code: RFC 3463; reply: RFC 5321."""

    recipient: str
    reason: str
    hard: bool
    code: str = ""
    reply: str = ""
    diagnostic: str = ""
    delayed: bool = False


@dataclass(frozen=True)
class Reading:
    """One mail, read. kind: bounce, complaint, auto_reply, opt_out, paid, agree, dispute, question, ...

    answers: Message-IDs that it names; text: what it says, without what it quotes.
    """

    kind: str
    confidence: float
    sender: str
    subject: str
    text: str
    answers: tuple[str, ...] = ()
    bounces: tuple[Bounce, ...] = ()
    recipients: tuple[str, ...] = ()  # whose complaint it is
    not_before: date | None = None
    signs: tuple[str, ...] = field(default=())  # what it was told by

    @property
    def remark(self) -> str:
        """What whoever reads the mail has to know of how it was read."""
        return next((sign for sign in self.signs if sign in REMARKS), "")
