"""Read answers from a mailbox by IMAP (RFC 9051): for reading alone, nothing is marked, moved or removed.

mails(settings, since) -> each mail since a day, as it came; raises UnreachableError, SettingsError
"""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import structlog

from tools.core.errors import SettingsError, UnreachableError
from tools.core.settings import Settings
from tools.recovery.replies.inbox import MOST_BYTES

_PLACE: Final = "setting TIEOUT_IMAP_URL"
_SECURE: Final = "imaps"
_log = structlog.get_logger(__name__)


def mails(settings: Settings, since: date) -> Iterator[bytes]:
    """Give each mail that came since a day, oldest first. A mail above 25 MB is named in the log and left."""
    if settings.imap_url is None:
        return
    parts = urlsplit(settings.imap_url.get_secret_value())
    if parts.scheme not in (_SECURE, "imap") or not parts.hostname or not parts.username:
        raise SettingsError(
            "is no mailbox.", place=_PLACE, remedy="Write it as imaps://USER:PASSWORD@HOST/FOLDER."
        )
    secure, host = parts.scheme == _SECURE, parts.hostname
    try:
        connection = (
            imaplib.IMAP4_SSL(
                host, parts.port or 993, ssl_context=ssl.create_default_context(),
                timeout=settings.contact_seconds,
            )
            if secure
            else imaplib.IMAP4(host, parts.port or 143, timeout=settings.contact_seconds)
        )  # fmt: skip
        with connection:
            connection.login(unquote(parts.username), unquote(parts.password or ""))
            yield from _read(connection, unquote(parts.path.strip("/")) or "INBOX", since)
    except (OSError, imaplib.IMAP4.error) as error:
        raise UnreachableError(f"the mailbox at {host} can't be read: {error}.", place=_PLACE) from None


def _read(connection: imaplib.IMAP4, folder: str, since: date) -> Iterator[bytes]:
    quoted = '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
    _checked(connection.select(quoted, readonly=True))
    day = f"{since.day}-{_MONTHS[since.month - 1]}-{since.year}"  # strftime speaks the machine's language
    numbers = _checked(connection.uid("SEARCH", "SINCE", day))[0]
    for number in (numbers if isinstance(numbers, bytes) else b"").split():
        uid = number.decode()
        answer = _checked(connection.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MOST_BYTES + 1}>)"))
        for part in answer:
            if isinstance(part, tuple):
                if len(part[1]) > MOST_BYTES:
                    _log.warning("a mail is larger than 25 MB and was not read", uid=uid)
                else:
                    yield bytes(part[1])


_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _checked(answer: tuple[str, Sequence[Any]]) -> Sequence[Any]:
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error(f"it answers {status}")
    return data
