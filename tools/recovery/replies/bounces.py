"""Read a returned mail: which addresses failed, and what the server said of each.

Sources: RFC 3464 (delivery status), RFC 3463 (codes); Postfix, sendmail, qmail, Exim, Exchange, Gmail and
others for those that return mail in words of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message
from typing import Final

from tools.recovery.replies import bounce_reason, mail_parts
from tools.recovery.replies.reading import Bounce

_DAEMON: Final = re.compile(
    r"mailer.?daemon|postmaster|mail (delivery|administrator|server|system)|delivery (sub)?system|post_master"
    r"|system administrator|mail-?delivery|microsoft exchange|mta[@-]|bounce", re.IGNORECASE
)  # fmt: skip
_SUBJECT: Final = re.compile(
    r"undeliver|delivery (status|failure|failed|notification|report|problem|has failed)|returned (mail"
    r"|to sender)"
    r"|failure notice|mail delivery fail|could not be delivered|non.?delivery|returning message"
    r"|delivery error"
    r"|message (status|delivery)|mail (system|error)|delivery.*fail|not delivered|rejected|loop alert"
    r"|you .* are not member|errors from|unzustellbar|failed|warning: (could not send|message)"
    r"|e-?mail.*fail|nicht (zugestellt|zustellbar)|unzustell|(non|pas) (distribué|remis|livré|délivré)"
    r"|échec de (la )?(remise|distribution)|no (se (ha )?p\w+|ha podido) entregar|no entregad"
    r"|(error|fallo) de entrega|mancata consegna"
    r"|(non|impossibile) (recapitat|recapitare|consegnat)|onbestelbaar|niet (afgeleverd|bezorgd)",
    re.IGNORECASE,
)  # fmt: skip
_BODY: Final = re.compile(
    r"(could not|couldn.t|cannot|can.t|wasn.t able to|unable to|not( (yet )?been)?)"
    r" (be )?(deliver|reach|sent)"
    r"|permanent (fatal )?err"
    r"|permanent failure|did not reach|delivery (to the following|has failed|failed)"
    r"|following address(es)? (failed|had)"
    r"|delivery errors|not a member of this mailing list|duplicated message-id|deliver message to"
    r"|invalid user address|undeliverable|transcript of session|has been delayed"
    r"|recipient\(s\)|nicht zugestellt werden"
    r"|n.a (pas )?(pu )?(pas )?être (remis|distribué|livré|délivré|acheminé)"
    r"|no (se )?(ha podido|pudo|puede) (ser )?entrega"
    r"|non (è stato|è possibile|può essere) (recapitat|consegnat)"
    r"|niet (worden )?(afgeleverd|bezorgd)",
    re.IGNORECASE,
)  # fmt: skip
# Where the mail that is returned begins.
_COPY: Final = re.compile(
    r"(?im)^\s*(-{2,}.{0,10}(below this line|failure reasons end|enclosed is|original message"
    r"|this is a copy|the header of|"
    r"message header|unsent message|included is|returned message|forwarded message|copy of the).*"
    r"|-{5,} ?(original|message|start of|forwarded).*|original (mail|message) (as )?follows.*|"
    r"return-path:.*|received: ?from .*|message-id: ?<.*|message details:.*|"
    r"-- the header of the original message.*|"
    r"included is a copy.*|the original message.{0,40}(follows|below|was(?! received)):?.*)$"
)
_BRACKETED: Final = re.compile(r"(?m)^\s*<([^<>\s]+@[^<>\s]+)>\s*(?:\([^)]{0,200}\))?\s*(?::|$)")
_OF_PROGRAM: Final = ("systemerror", "onhold", "undefined", "expired")  # what a local program's words come to
_TRANSCRIPT: Final = re.compile(r"(?m)^\s*Out: ([45]\d\d[ -].*)$")  # of Postfix's SMTP server
_RCPT: Final = re.compile(r"(?im)^\s*RCPT TO: *<?([^<>\s]+@[^<>\s]+)")  # in details below a notice
_DELAYED: Final = re.compile(
    r"warning message only|has been delayed|delayed|still trying|will (be retried|keep trying)"
    r"|attempts will continue|not yet been delivered"
)
_STATUS: Final = re.compile(
    r"\[status: error, address: <([^<>\s]+)>, *responsecode ([^\]]*)\]", re.IGNORECASE
)


def read(message: Message) -> tuple[Bounce, ...]:
    """Give what a returned mail says of each address that failed; nothing for another mail."""
    groups = mail_parts.reports(message, "message/delivery-status")
    groups += mail_parts.reports(message, "message/global-delivery-status")
    words = _above_copy("\n".join(mail_parts.texts(message)))
    if any(group.get("Final-Recipient") or group.get("Original-Recipient") for group in groups):
        return _of_report(groups, words)
    if not _is_returned(message, words):
        return ()
    if groups and not _has_codes(words):
        copy = mail_parts.returned_to(message)
        return (Bounce(copy, "undefined", hard=False),)
    return _of_words(message, words)


def _above_copy(text: str) -> str:
    """Cut what quotes the returned mail; a notice that begins with it is left whole."""
    start = _COPY.search(text)
    above = text[: start.start()] if start else text
    return above if above.strip() and (_BRACKETED.search(above) or not _BRACKETED.search(text)) else text


def _is_returned(message: Message, words: str) -> bool:
    daemon = bool(_DAEMON.search(mail_parts.header(message, "From")))
    nobody = str(message.get("Return-Path", "")).strip() == "<>"
    subject = bool(_SUBJECT.search(mail_parts.header(message, "Subject")))
    failed = bool(_BODY.search(" ".join(words.split())))
    return (subject and (daemon or nobody)) or (failed and (daemon or nobody or subject))


def _has_codes(words: str) -> bool:
    return bool(bounce_reason.code_in(words) or bounce_reason.reply_in(words))


def _of_report(groups: list[Message], words: str) -> tuple[Bounce, ...]:
    """Read the fields of RFC 3464; what the words add is taken where the fields say less."""
    bounces = []
    for group in groups:
        named = group.get("Original-Recipient") or group.get("Final-Recipient")
        action = str(group.get("Action", "failed")).lower().split(";")[0].split("(")[0].strip()
        if not named or action in ("delivered", "relayed", "expanded"):
            continue
        recipient = _address(str(named))
        also = _around(words, [recipient, _address(str(group.get("Final-Recipient", "")))])
        bounces.append(
            _bounce(
                _Refusal(recipient, _diagnostic(group), str(group.get("Status", "")), also, group, action)
            )
        )
    return tuple(bounces)


def _diagnostic(group: Message) -> str:
    text = " ".join(str(group.get("Diagnostic-Code", "")).split())
    return text.partition(";")[2].strip() or text if ";" in text[:12] else text


def _address(text: str) -> str:
    plain = text.rsplit(";", maxsplit=1)[-1].strip().strip("<>")
    addresses = mail_parts.addresses(plain)
    return addresses[0] if addresses else plain


@dataclass(frozen=True)
class _Refusal:
    """What is said of one address: by the report's fields, and by the words around it."""

    recipient: str
    diagnostic: str
    status: str
    words: str
    group: Message | None = None
    action: str = "failed"

    def field(self, name: str) -> str:
        """Give a field of the report; empty where there is none."""
        return str(self.group.get(name, "")).strip() if self.group is not None else ""


def _bounce(refusal: _Refusal) -> Bounce:
    diagnostic, words = refusal.diagnostic, refusal.words
    diagnosed = diagnostic or words
    code = _code(diagnostic, refusal.status, words)
    category = refusal.field("X-PowerMTA-BounceCategory")
    phase = bounce_reason.phase_of(f"{diagnostic} {words}")
    host = f"{refusal.field('Remote-MTA')} {refusal.recipient} {diagnosed} {words}"
    reason = bounce_reason.by_provider(diagnosed, host)
    reason = reason or bounce_reason.reason_of(diagnosed, code, phase, category)
    if reason in ("onhold", "undefined") and words and diagnosed != words:
        reason = bounce_reason.reason_of(words, code, phase, category)
    if refusal.field("Diagnostic-Code").lower().startswith("x-unix") and reason in _OF_PROGRAM:
        reason = "mailererror"
    reply = bounce_reason.reply_in(diagnosed) or bounce_reason.reply_in(words)
    hard = bounce_reason.is_hard(reason, code, reply)
    return Bounce(refusal.recipient, reason, hard, code, reply, diagnosed[:1000], refusal.action == "delayed")


def _code(diagnostic: str, status: str, also: str) -> str:
    """Give the code that says most: the server's own, then the report's, then the words'."""
    codes = [bounce_reason.code_in(text) for text in (diagnostic, status, also)]
    telling = [code for code in codes if code and not code.endswith(".0.0")]
    return (telling or [code for code in codes if code] or [""])[0]


def _around(words: str, recipients: list[str]) -> str:
    """Give the words about one address: from where it is named to where the next one is."""
    for recipient in dict.fromkeys(recipients):
        start = words.lower().find(recipient.lower()) if recipient else -1
        if start >= 0:
            rest = words[start:]
            following = next(
                (m.start() for m in _BRACKETED.finditer(rest) if m.start() > len(recipient)), len(rest)
            )
            return " ".join(rest[:following].split())
    return " ".join(words.split()) if len(recipients) == 1 else ""


def _of_words(message: Message, words: str) -> tuple[Bounce, ...]:
    """Read a notice without a report: an address, and what is said up to the next one."""
    if "qmail-send program" in words:
        words = bounce_reason.without_farewell(words)
    parts = _with_all_words(_segments(message, words), words)
    delayed = bool(_DELAYED.search(words.lower()))
    return tuple(
        _bounce(_Refusal(recipient, "", "", segment, action="delayed" if delayed else "failed"))
        for recipient, segment in parts
    )


def _with_all_words(parts: list[tuple[str, str]], words: str) -> list[tuple[str, str]]:
    """Give an address that stands alone all the words, where those behind it say nothing."""
    if len(parts) != 1 or bounce_reason.tells(parts[0][1]):
        return parts
    return [(parts[0][0], " ".join(words.split()))]


def _on_lines_of_their_own(words: str) -> list[re.Match[str]]:
    """Give the addresses that begin a paragraph; Postfix indents the words that go on with one."""
    marks = list(_BRACKETED.finditer(words))
    depths = [len(mark[0].lstrip("\n")) - len(mark[0].lstrip()) for mark in marks]
    return [mark for mark, depth in zip(marks, depths, strict=True) if depth <= depths[0]]


def _segments(message: Message, words: str) -> list[tuple[str, str]]:
    if statuses := _STATUS.findall(words):
        return [(address, refusal) for address, refusal in statuses]
    marks = _on_lines_of_their_own(words)
    if marks:
        ends = [mark.start() for mark in marks[1:]] + [len(words)]
        return [
            (mark[1], " ".join(words[mark.end() : end].split()))
            for mark, end in zip(marks, ends, strict=True)
        ]
    lines = _lines_of_addresses(words)
    if lines:
        return lines
    own = {mail_parts.sender(message), *mail_parts.addresses(mail_parts.header(message, "To"))}
    named = [name for name in mail_parts.addresses(words) if name not in own]
    failed = str(message.get("X-Failed-Recipients", ""))
    dialogue = _RCPT.findall("\n".join(mail_parts.texts(message)))
    recipient = (mail_parts.addresses(failed) or named or dialogue or [""])[0]
    refusals = _TRANSCRIPT.findall(words)
    return [(recipient, refusals[-1] if refusals else " ".join(words.split()))]


_AFTER: Final = re.compile(
    r"(?is)(?:following\s+(?:list of recipients|address(?:es)?|address\(es\)|recipients?|recipient\(s\))"
    r"[^\n]*?(?:failed|reached"
    r"|permanently|delayed|errors)?"
    r"|did not reach the following recipient\(s\)|had delivery errors-*"
    r"|unable to deliver message to"
    r"|could not be delivered to one or more of\s+its\s+recipients(?!.{0,200}following)):?[^\n]*\n"
)


def _lines_of_addresses(words: str) -> list[tuple[str, str]]:
    """Read addresses that stand alone, or first, on lines behind "the following addresses failed"."""
    start = _AFTER.search(words)
    if start is None:
        return []
    rest = words[start.end() :]
    marks = list(re.finditer(r"(?m)^\s*[<\"]?([^\s<>:\"]+@[^\s<>:\"]+?)[>\"]?[:;]?(?=\s|$)", rest))
    if not marks:
        return []
    ends = [mark.start() for mark in marks[1:]] + [len(rest)]
    return [(mark[1], _cause(rest[mark.end() : end])) for mark, end in zip(marks, ends, strict=True)]


def _cause(words: str) -> str:
    """Give what is said behind an address on its line, where that tells; else all up to the next one."""
    beside = words.partition("\n")[0].strip()
    return beside if bounce_reason.tells(beside) else " ".join(words.split())
