"""A colleague's words that somebody only passes on: "see below", and there is the answer.

Whose words they are is told by the head above them (Outlook, Apple Mail, Gmail and Thunderbird in six
languages): a colleague's come from the sender's own domain, or, without an address, went to the sender.
"""

from __future__ import annotations

import re
from typing import Final

from tools.recovery.replies import answer_text, mail_parts

MOST_NOTE: Final = 12  # words: who writes more says something
_FROM: Final = re.compile(rf"(?i)^\W*(?:{answer_text.FROM_NAMES})\s?:")
_TO: Final = re.compile(r"(?i)^\W*(?:to|an|à|para|a|aan)\s?:")


def colleague_words(text: str, sender: str) -> str:
    """Give the newest words of a colleague that a mail passes on with no more than a note, else "".

    text: all that the mail says, with what it quotes; sender: the address of who passes it on.
    """
    head = answer_text.HEAD.search(text)
    if head is None or len(_note(text[: head.start()]).split()) > MOST_NOTE:
        return ""
    return answer_text.latest(text[head.end() :]) if _is_colleague(head[0], sender) else ""


def _note(above: str) -> str:
    return answer_text.without_signature(answer_text.FORWARDED.sub("", above))


def _is_colleague(head: str, sender: str) -> bool:
    writer, reader = _addresses(head, _FROM), _addresses(head, _TO)
    return sender.lower() not in writer and _domain(sender) in map(_domain, writer or reader)


def _addresses(head: str, line: re.Pattern[str]) -> list[str]:
    named = next((text for text in head.splitlines() if line.match(text)), "")
    return [address.lower() for address in mail_parts.addresses(named)]


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()
