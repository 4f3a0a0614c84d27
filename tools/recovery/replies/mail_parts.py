"""The parts of a mail that say something, whatever its maker did to MIME (RFC 2045, 3462, 3464)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from typing import Final

from tools.ledger.documents.plain import html_text

_ADDRESS: Final = re.compile(r"[A-Za-z0-9._%+=/&'*~!#$^{}|?-]+@[A-Za-z0-9.-]+\.[A-Za-z0-9-]+")
_ID: Final = re.compile(r"<[^<>@\s]+@[^<>\s]+>")
# Where the body begins, behind no more than a line on MIME: a copy further down has parts of its own.
_PART: Final = re.compile(
    rb"(?i)(?:\s*this is a (?:mime|multi-?part)[^\n]*)?\s*--(\S{6,70})[ \t]*\n"
    rb"content-(?:type|description|transfer-encoding):"
)
_REPORTS: Final = ("message/delivery-status", "message/feedback-report", "message/global-delivery-status")
RETURNED: Final = ("message/rfc822", "text/rfc822-headers")


def parse(raw: bytes) -> Message:
    """Parse a mail; of a broken one, what can be read, with parts that no header declares."""
    message = message_from_bytes(raw, policy=policy.compat32)
    head, gap, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    part = None if message.is_multipart() else _PART.match(body)
    if part is None:
        return message
    declared = b'Content-Type: multipart/mixed; boundary="' + part[1] + b'"\n'
    rest = re.sub(rb"(?im)^content-type:.*\n([ \t].*\n)*", b"", head + b"\n")
    return message_from_bytes(rest + declared + gap[1:] + body, policy=policy.compat32)


def header(message: Message, name: str) -> str:
    """Give a header as text, decoded where it can be: encoded words (RFC 2047), or raw bytes (RFC 6532)."""
    value = next((text for key, text in message.raw_items() if key.lower() == name.lower()), None)
    if value is None:
        return ""
    text = _of_bytes(str(value))
    try:
        return " ".join(str(make_header(decode_header(text))).split())
    except (LookupError, UnicodeDecodeError, ValueError):
        return " ".join(text.split())


def _of_bytes(value: str) -> str:
    """Read what a header has beyond ASCII: UTF-8, else Latin-1."""
    data = value.encode("utf-8", "surrogateescape")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def sender(message: Message) -> str:
    """Give the address of From."""
    return parseaddr(header(message, "From"))[1]


def text_of(part: Message) -> str:
    """Give a part's text; of HTML the words."""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else str(part.get_payload()).encode("utf-8", "replace")
    charset = part.get_content_charset() or "utf-8"
    try:
        text = data.decode(charset, "replace")
    except LookupError:
        text = data.decode("utf-8", "replace")
    if part.get_content_type() == "text/html":
        return html_text(text)
    return text


def texts(message: Message) -> Iterator[str]:
    """Give the texts for people, not those of the mail that was returned."""
    if not message.is_multipart():
        if message.get_content_maintype() in ("text", "multipart"):
            yield text_of(message)
        return
    for part in message.get_payload():
        if not isinstance(part, Message) or part.get_content_type() in (*_REPORTS, "message/rfc822"):
            continue
        if part.get_content_type() != "text/rfc822-headers":
            yield from texts(part)


def written(message: Message) -> Iterator[Message]:
    """Give the parts that a person wrote: of alternatives the plain one (RFC 2046, 5.1.4); no attachment."""
    kind, payload = message.get_content_type(), message.get_payload()
    if isinstance(payload, list) and kind.startswith("multipart/"):
        parts = [part for part in payload if isinstance(part, Message)]
        if kind == "multipart/alternative":
            plain = [part for part in parts if part.get_content_type() == "text/plain"]
            filled = [part for part in plain if text_of(part).strip()]
            parts = filled[:1] or parts[-1:]
        for part in parts:
            yield from written(part)
    elif message.get_content_maintype() == "text" and kind not in RETURNED and not message.get_filename():
        yield message


def reports(message: Message, kind: str) -> list[Message]:
    """Give the groups of fields of a report (RFC 3464, 5965), whether parsed or left as text."""
    groups: list[Message] = []
    for part in message.walk():
        if part.get_content_type() != kind:
            continue
        payload = part.get_payload()
        if isinstance(payload, list):
            groups += [group for group in payload if isinstance(group, Message)]
        else:
            groups += [
                parse(block.encode()) for block in re.split(r"\n\s*\n", text_of(part)) if block.strip()
            ]
    return [group for group in groups if group.keys()]


def fields(groups: list[Message], name: str) -> list[str]:
    """Give every value of a field, in order."""
    return [" ".join(str(value).split()) for group in groups for value in group.get_all(name, [])]


def returned_to(message: Message) -> str:
    """Give the address to which the returned mail had gone."""
    for part in message.walk():
        if part is not message and part.get("To"):
            return (addresses(str(part["To"])) or [""])[0]
    return ""


def addresses(text: str) -> list[str]:
    """Give the addresses in a text, each once, in order."""
    return list(dict.fromkeys(address.strip(".") for address in _ADDRESS.findall(text)))


def message_ids(message: Message) -> tuple[str, ...]:
    """Give the Message-IDs that a mail answers, or that the mail it returns had."""
    named = [str(message.get(name, "")) for name in ("In-Reply-To", "References")]
    for part in message.walk():
        if part is not message and part.get("Message-ID"):
            named.append(str(part["Message-ID"]))
        elif part.get_content_type() == "text/rfc822-headers":
            named.append(str(parse(text_of(part).encode()).get("Message-ID", "")))
    body = "\n".join(texts(message))
    named += re.findall(r"(?im)^message-id:\s*(<[^>\s]+>)", body)
    return tuple(dict.fromkeys(message_id for text in named for message_id in _ID.findall(text)))
