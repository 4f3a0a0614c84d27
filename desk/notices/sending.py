"""Hand one message to Apprise, under an id that the receiver can tell repeats by."""

from __future__ import annotations

import logging
import re
import warnings
from email import message_from_string
from email.utils import parseaddr
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from desk.notices.text import NoticeText

with warnings.catch_warnings():
    # Its mail looks for a module that Python 3.13 no longer has, and brings its own where it is gone.
    warnings.filterwarnings("ignore", "'imghdr' is deprecated", DeprecationWarning)
    import apprise
    from apprise.plugins.custom_json import NotifyJSON
    from apprise.plugins.email.base import NotifyEmail
    from apprise.plugins.email.smtp import AppriseSMTPController

# They write addresses, which hold secrets, to their logs.
for _name in ("apprise", "urllib3"):
    logging.getLogger(_name).propagate = False

HEADER: Final = "X-Tieout-Message-Id"
_SHORTEST = 4  # characters of what is struck out of an error
_STRUCK = "***"


def send(url: str, message: NoticeText) -> str:
    """Send a message to an address; give "" once it is accepted, else why not, without the address."""
    capture: Any = apprise.LogCapture
    with capture(level=logging.WARNING, fmt="%(message)s") as log:
        try:
            accepted = _send(url, message)
        except Exception as error:  # noqa: BLE001 - whatever a channel's plugin raises is its failure
            return _without_address(f"{type(error).__name__}: {error}", url)
        if accepted:
            return ""
        log_text = " ".join(str(log.getvalue()).split())
    return _without_address(log_text or "it was not accepted", url)


def _send(url: str, message: NoticeText) -> bool:
    plugin: Any = apprise.Apprise.instantiate(url, suppress_exceptions=True)
    if plugin is None:
        raise ValueError("this is no address that Apprise knows")
    if isinstance(plugin, NotifyEmail):
        return _mailed(plugin, message)
    if isinstance(plugin, NotifyJSON):
        plugin.headers |= {HEADER: message.id, "Idempotency-Key": message.id}
        plugin.payload_extras["message_id"] = message.id
    return bool(plugin.notify(body=message.body, title=message.title, body_format=apprise.NotifyFormat.TEXT))


def _mailed(plugin: Any, message: NoticeText) -> bool:  # noqa: ANN401 - Apprise's plugins are untyped
    """Mail to every target under our Message-ID (RFC 5322, 3.6.4): Apprise makes another for each try."""
    emails: Any = NotifyEmail.prepare_emails(
        subject=message.title,
        body=message.body,
        notify_format=apprise.NotifyFormat.TEXT,
        from_addr=plugin.from_addr,
        to=plugin.targets,
        cc=plugin.cc,
        bcc=plugin.bcc,
        reply_to=plugin.reply_to,
        smtp_host=plugin.smtp_host,
        headers={**plugin.headers, HEADER: message.id, "Auto-Submitted": "auto-generated"},
        names=plugin.names,
        pgp=plugin.pgp,
        pgp_mode=plugin.pgp_mode,
    )
    sender = str(plugin.from_addr[1])
    connection = AppriseSMTPController(
        host=plugin.smtp_host,
        port=plugin.port,
        secure_mode=plugin.secure_mode,
        user=plugin.user,
        password=plugin.password,
        verify_certificate=plugin.verify_certificate,
        socket_connect_timeout=plugin.socket_connect_timeout,
    )
    with connection as smtp:
        # A list: every target is tried, whatever became of the one before.
        done = [
            smtp.sendmail(sender, email.to_addrs, _with_message_id(email.body, message.id, sender))
            for email in emails
        ]
    return bool(done) and all(done)


def _with_message_id(text: str, message_id: str, sender: str) -> str:
    mail = message_from_string(text)
    del mail["Message-ID"]
    mail["Message-ID"] = f"<{message_id}@{parseaddr(sender)[1].rpartition('@')[2] or 'tieout.invalid'}>"
    return mail.as_string()


def _without_address(text: str, url: str) -> str:
    """Strike out of an error every part of the address that may be a secret."""
    parts = urlsplit(url)
    texts = {parts.netloc, parts.username or "", parts.password or ""}
    texts |= {*re.split(r"[/:@]", parts.path), *re.split(r"[&=]", parts.query)}
    secrets = sorted({unquote(part) for part in texts} | texts, key=len, reverse=True)
    for secret in secrets:
        if len(secret) >= _SHORTEST:
            text = text.replace(secret, _STRUCK)
    return text[:500]
