"""Why a letter came back, by what the server said and its codes. The rules are data: bounce_rules.yaml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from tools.core import package_yaml

_CODE: Final = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY: Final = re.compile(r"(?<![\d.])([45]\d\d)(?=[ -](?![\d.]*\d+\.\d))")
_QUOTED: Final = re.compile(
    r"the error that the other server returned was:|technical details of (?:permanent|temporary) failure:"
    r"|remote host said:|(?:host|server)[^:]{0,80}said:"
)
_GIVEN_UP: Final = re.compile(
    r"i.m not going to try again;\s+this message has been in the queue too long\.?", re.IGNORECASE
)
_WAITING: Final = re.compile(r"delivery temporarily suspended: ")  # Postfix, qmgr(8): the cause follows
_PHASES: Final = (
    (
        "rcpt",
        re.compile(
            r"rcpt[ _]to|does not like recipient|reply to rcpt|\(state 1[34]\)|after rcpt"
            r"|>>> rcpt|smtp command-* rcpt|smtp:rcpt"
        ),
    ),
    (
        "data",
        re.compile(
            r"data command|end of data|after i sent the message|\(state 1[5-9]\)|>>> data|text command"
            r"|smtp command-* data"
        ),
    ),
    ("mail", re.compile(r"mail from|sender was rejected|>>> mail|reply to mail")),
    ("helo", re.compile(r"reply to (helo|ehlo)|name was rejected|>>> (helo|ehlo)")),
)


@dataclass(frozen=True)
class Rule:
    """One reason: when it is told by words, when by codes, and at which command it is proved."""

    reason: str
    texts: tuple[re.Pattern[str], ...]
    statuses: frozenset[str]
    proved_at: str
    proved: tuple[re.Pattern[str], ...]
    otherwise: str


@cache
def _data() -> Mapping[str, Any]:
    table: Mapping[str, Any] = package_yaml.of_package("tools.recovery.replies", "bounce_rules")
    return table


@cache
def rules() -> tuple[Rule, ...]:
    """Give the rules in their order."""
    return tuple(
        Rule(
            entry["reason"],
            tuple(re.compile(str(pattern)) for pattern in entry.get("text", [])),
            frozenset(map(str, entry.get("status", []))),
            entry.get("proved_at", ""),
            tuple(re.compile(str(pattern)) for pattern in entry.get("proved", [])),
            entry.get("otherwise", ""),
        )
        for entry in _data()["reasons"]
    )


def reason_of(diagnostic: str, code: str, phase: str, category: str = "") -> str:
    """Give the reason: by the words first, then by the code; "onhold" where words say nothing known.

    diagnostic: what the server wrote; code: enhanced (RFC 3463), or empty; phase: the SMTP command.
    category: PowerMTA's own.
    """
    by_category = _data()["powermta"].get(category)
    words = plain_words(diagnostic)
    if own := _own_code(code):
        return own
    for rule in rules():
        if any(pattern.search(words) for pattern in rule.texts):
            if by_category and rule.otherwise:
                return str(by_category)
            proved = phase == rule.proved_at or code in rule.statuses
            proved = proved or any(pattern.search(words) for pattern in rule.proved)
            return rule.otherwise if rule.otherwise and not proved else rule.reason
    if re.fullmatch(r"5\d\d\W*", words):
        return "filtered"  # refused without a word
    by_code = next((rule.reason for rule in rules() if code in rule.statuses), "")
    by_status = _data()["statuses"].get(code)
    return str(by_category or by_code or by_status or ("onhold" if words else "undefined"))


def _own_code(code: str) -> str:
    """Give what a provider's own code means (details from 100 on are no standard's); "" for another."""
    if not re.fullmatch(r"[45]\.\d\.\d{3}", code):
        return ""
    group, detail = code[2:].split(".")
    for entry in _data()["own_codes"]:
        first, _, last = str(entry["detail"]).partition("-")
        if int(group) == entry["subject"] and int(first) <= int(detail) <= int(last or first):
            return str(entry["reason"])
    return ""


def by_provider(diagnostic: str, host: str) -> str:
    """Give what codes of a provider's own mean, by whose server or address it is; "" for none."""
    words = plain_words(diagnostic)
    for entry in _data()["providers"]:
        if re.search(entry["host"], host.lower()) and re.search(entry["text"], words):
            return str(entry["reason"])
    return ""


def without_farewell(text: str) -> str:
    """Cut what qmail adds to its last reason when it gives up (qmail-send.c): the reason is why it did."""
    return _GIVEN_UP.sub("", text) or text


def plain_words(diagnostic: str) -> str:
    """Give what the server said on one line, in lower case: the other server's words, where it quotes them.

    The code that each further line of an answer repeats is left out (RFC 5321, 4.2.1).
    """
    words = " ".join(diagnostic.lower().split())
    cause = _WAITING.sub("", words).strip()
    quoted = _QUOTED.split(cause or words)[-1].strip() or words
    first = re.match(r"(?:smtp; ?)?([45]\d\d)-", quoted)
    repeated = (
        rf"(?<!^)(?<!; )(?<![\d.]){first[1]}[- ](?:[45]\.\d{{1,3}}\.\d{{1,3}}[- ])? ?" if first else "(?!)"
    )
    return re.sub(repeated, "", quoted)


def is_hard(reason: str, code: str, reply: str) -> bool:
    """Say whether another letter cannot arrive: of a reason that is for good, and not told as temporary."""
    temporary = code.startswith("4") or (not code and reply.startswith("4"))
    return reason in _data()["hard"] or (reason in _data()["hard_if_permanent"] and not temporary)


def code_in(text: str) -> str:
    """Give the enhanced status code in a text, one that says more before one that says nothing."""
    codes = [code for code in _CODE.findall(text) if not code.startswith("2")]
    return next((code for code in codes if not code.endswith(".0.0")), codes[0] if codes else "")


def tells(words: str) -> bool:
    """Say whether words name a reason, or carry a code."""
    return bool(code_in(words)) or reason_of(words, "", "") not in ("onhold", "undefined")


def reply_in(text: str) -> str:
    """Give the reply code in a text."""
    match = _REPLY.search(text)
    return match[1] if match else ""


def phase_of(text: str) -> str:
    """Give the command at which a server refused: helo, mail, rcpt, data; "" where nobody says."""
    words = text.lower()
    return next((name for name, pattern in _PHASES if pattern.search(words)), "")
