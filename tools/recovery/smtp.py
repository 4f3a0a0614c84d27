"""Hand one letter to the mail server (RFC 5321); say whether it took it, and if not, whether for good."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime
from typing import Final
from urllib.parse import unquote, urlsplit

from tools.core.clock import clock
from tools.core.errors import SettingsError
from tools.core.settings import Settings

PORTS: Final[Mapping[str, int]] = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_PERMANENT: Final = 500  # RFC 5321, 4.2.1


@dataclass(frozen=True)
class Mail:
    """What is sent: the letter's own headers, under a Message-ID that does not change."""

    sender: str
    recipient: str
    subject: str
    body: str
    message_id: str
    in_reply_to: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Refusal:
    """Why the server did not take it: its code and words. permanent: another try will not help."""

    code: int
    text: str
    permanent: bool
    of_recipient: bool = False


def send(settings: Settings, mail: Mail) -> Refusal | None:
    """Send a letter; None once the server has accepted it. Raises SettingsError for a URL that is none."""
    url = settings.smtp_url.get_secret_value() if settings.smtp_url else ""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise SettingsError(
            "it names no mail server.",
            place="setting TIEOUT_SMTP_URL",
            remedy="Write smtp://host:25, smtp+starttls://user:password@host:587 or smtps://...",
        )
    try:
        _hand_over(settings, mail, url)
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        return Refusal(code, _words(text), code >= _PERMANENT, of_recipient=True)
    except smtplib.SMTPResponseException as error:
        return Refusal(error.smtp_code, _words(error.smtp_error), permanent=False)
    except (smtplib.SMTPException, OSError) as error:
        return Refusal(0, f"{type(error).__name__}: {error}", permanent=False)
    return None


def _hand_over(settings: Settings, mail: Mail, url: str) -> None:
    parts = urlsplit(url)
    port = parts.port or PORTS[parts.scheme]
    host, seconds = str(parts.hostname), settings.smtp_timeout_seconds
    secure = parts.scheme == "smtps"
    connection = (
        smtplib.SMTP_SSL(host, port, timeout=seconds, context=ssl.create_default_context())
        if secure
        else smtplib.SMTP(host, port, timeout=seconds)
    )
    with connection:
        if parts.scheme == "smtp+starttls":
            connection.starttls(context=ssl.create_default_context())
        if parts.username:
            connection.login(unquote(parts.username), unquote(parts.password or ""))
        connection.send_message(message_of(mail), mail.sender, [mail.recipient])


def message_of(mail: Mail) -> EmailMessage:
    """Give the message as it goes over the wire."""
    message = EmailMessage(policy=WIRE)
    message["From"], message["To"], message["Subject"] = mail.sender, mail.recipient, mail.subject
    message["Date"] = format_datetime(clock().now())
    message["Message-ID"] = mail.message_id
    if mail.in_reply_to:
        message["In-Reply-To"] = message["References"] = mail.in_reply_to
    for name, value in mail.headers.items():
        if name != "From":
            message[name] = value
    message.set_content(mail.body)
    return message


def _words(text: bytes | str) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text
