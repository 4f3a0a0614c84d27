"""One e-mail out of its bytes: who wrote what to whom, in which thread, and what was attached."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any, Final

from tools.ledger.documents.pages import pdf
from tools.ledger.documents.plain import html_text, is_binary, text_of, tidy

MOST_DEEP: Final = 20
ATTACHED: Final = 50_000  # characters kept of one attachment
MOST_PDFS: Final = 5  # attached PDFs that are read
_ID: Final = re.compile(r"<([^<>\s]{1,250})>")
_HEADERS: Final = 200_000  # bytes of header lines of one mail
_STUB: Final = 200  # characters below which a plain part may stand for one that cannot be shown
_FULLER: Final = 3  # times as long as the plain part the other is then
_FAILED: Final = re.compile(r"\bdmarc\s*=\s*fail\b", re.IGNORECASE)


def mail(data: bytes, parts: int = 200, pages: int = 500) -> dict[str, Any]:
    """Read a mail: doc_id, refs (what it answers), sent, sender, recipients, subject, body, attachments.

    parts, pages: how many parts of it, and pages of each attached PDF, are read; it says where it stopped.
    Plain text is taken unless it is a stub, else HTML as it is shown. Raises ValueError when the bytes
    are no mail.
    """
    head = re.split(rb"\r?\n\r?\n", data, maxsplit=1)[0]
    if len(head) > _HEADERS:
        raise ValueError("its header is larger than any mail's")
    message = message_from_bytes(data, policy=policy.compat32)
    sender = _header(message, "From")
    if not sender and not _header(message, "Date"):
        raise ValueError("is no e-mail: it has neither a sender nor a date")
    if _FAILED.search(_header(message, "Authentication-Results")):
        sender = f"unverified: {sender}"
    body, attached = _parts(message, parts, pages)
    return {
        "doc_id": _own_id(message) or f"sha256-{hashlib.sha256(data).hexdigest()[:20]}",
        "refs": " ".join(_answered(message)),
        "sent": _sent_at(message),
        "sender": sender,
        "recipients": ";".join(_addresses(message, "To", "Cc")),
        "subject": tidy(_header(message, "Subject"))[:1000],
        "body": body,
        "attachments": attached,
    }


def _header(message: Message, name: str) -> str:
    """Give a header as its reader would see it, on one line."""
    raw = message.get(name)
    if raw is None:
        return ""
    try:
        text = str(make_header(decode_header(str(raw))))
    except (LookupError, ValueError):  # a charset that there is not, or bytes that are not of it
        text = str(raw)
    with suppress(UnicodeEncodeError):
        text = text_of(text.encode("utf-8", "surrogateescape"))  # raw bytes in a header
    return " ".join(tidy(text[:20_000]).split())


def _own_id(message: Message) -> str:
    match = _ID.search(str(message.get("Message-ID", "")))
    return tidy(match[1]) if match else ""


def _answered(message: Message) -> list[str]:
    headers = f"{str(message.get('References', ''))[-20_000:]} {str(message.get('In-Reply-To', ''))[:1000]}"
    ids = [tidy(message_id) for message_id in _ID.findall(headers)]
    return list(dict.fromkeys(reversed(ids)))[::-1]  # what it answers comes last


def _sent_at(message: Message) -> str | None:
    """Read the day and time it was sent, as ISO 8601 with its offset; else when it was received."""
    received = str(message.get("Received", "")).rpartition(";")[2]
    for text in (str(message.get("Date", "")), received):
        try:
            moment: datetime = parsedate_to_datetime(text.strip())
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
        return moment.isoformat()
    return None


def _addresses(message: Message, *names: str) -> Iterator[str]:
    for name, address in getaddresses([_header(message, header) for header in names]):
        if name or address:
            yield f"{name} <{address}>" if name else address


def _parts(message: Message, parts: int, pages: int) -> tuple[str, str]:
    """Give the body, and the text of what was attached below its names."""
    plain, html, attached, pdfs = "", "", list[str](), 0
    for number, (part, name) in enumerate(_leaves(message)):
        if number >= parts:
            attached.append(f"[only {parts} parts were read: TIEOUT_MAIL_PARTS]")
            break
        kind = part.get_content_type()
        if name or kind not in ("text/plain", "text/html"):
            pdfs += kind == "application/pdf"
            attached.append(_attached(part, name, kind, pages if pdfs <= MOST_PDFS else 0))
        elif kind == "text/plain":
            plain = f"{plain}\n{_text(part)}" if plain else _text(part)
        elif not html:
            html = _text(part)
    return _body(tidy(plain), html), "\n\n".join(attached)


def _body(plain: str, html: str) -> str:
    """Give the text of a mail: the plain part, unless it only says that there is another."""
    if len(plain) >= _STUB or not html:
        return plain
    shown = html_text(html)
    return shown if len(shown) > _FULLER * len(plain) else plain


def _leaves(message: Message) -> Iterator[tuple[Message, str]]:
    """Give the parts that hold something, with the name of each that is attached; not of mails in mails."""
    waiting = [(message, 0)]
    while waiting:
        part, deep = waiting.pop(0)
        payload = part.get_payload()
        name = tidy(_filename(part))
        forwarded = part.get_content_maintype() == "message"
        if isinstance(payload, list) and not forwarded:
            if deep >= MOST_DEEP:
                continue
            waiting = [(child, deep + 1) for child in payload if isinstance(child, Message)] + waiting
        else:
            is_attached = name or part.get_content_disposition() == "attachment" or forwarded
            yield part, (name or "unnamed") if is_attached else ""


def _filename(part: Message) -> str:
    try:
        return part.get_filename() or ""
    except (LookupError, ValueError):
        return "unnamed"


def _attached(part: Message, name: str, kind: str, pages: int) -> str:
    title = f"[{name or kind}]"
    if part.get_content_maintype() == "text":
        text = _text(part)
        return f"{title}\n{(html_text(text) if kind == 'text/html' else tidy(text))[:ATTACHED]}"
    if kind == "application/pdf" and pages:
        try:
            return f"{title}\n{pdf(_bytes(part), pages)['text'][:ATTACHED]}"
        except ValueError as error:
            return f"{title} {error}"
    return title


def _bytes(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _text(part: Message) -> str:
    data = _bytes(part)
    return "" if is_binary(data) else text_of(data, part.get_content_charset())
