"""Answers to letters as they come: paid, disputed, asked, away, returned, complained about, opted out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from samples.model import Year

ME: Final = "Harbour & Pine Ltd <recovery@harbourpine.example>"


def mailbox(year: Year) -> bytes:
    """Make the mailbox: one mail of each kind, from the addresses of contacts.csv."""
    del year
    return "".join(_mails()).encode()


def _mails() -> Iterator[str]:
    yield _mail(
        "accounts@norrland.example", 7, "Re: Invoice paid twice, NT-01785",
        "You are quite right, and it was our mistake: the payment of 19 September is a credit on your\n"
        "account. We have returned it today by wire under our number NT-01785. Sorry for the trouble.\n"
        "\nOn Mon, 5 Jan 2026 at 15:02, Harbour & Pine Ltd wrote:\n"
        "> according to our books we have paid the same invoice of yours more than once.\n",
    )  # fmt: skip
    yield _mail(
        "accounts@saltmarsh.example", 7, "Re: Invoice paid twice, SI20164",
        "We do not agree. SI-20164 and SI20164 are two separate deliveries, both signed for by your\n"
        "people. We dispute this.\n",
    )  # fmt: skip
    yield _mail(
        "accounts@vantage.example", 8, "Re: Invoice paid twice, VM-31679",
        "Could you please send us a copy of both payment advices? Then we look into it.\n",
    )  # fmt: skip
    yield _mail(
        "accounts@fogbound.example", 6, "Out of office: Invoice paid twice",
        "I am out of the office until 12 January 2026 and have no access to my mail.\n",
        "Auto-Submitted: auto-replied\n",
    )  # fmt: skip
    yield _returned(
        "accounts@redfern.example", 6, "5.1.1",
        "550 5.1.1 <accounts@redfern.example>: Recipient address rejected: User unknown",
    )  # fmt: skip
    yield _returned("accounts@sable.example", 6, "4.2.2", "452 4.2.2 <accounts@sable.example>: Mailbox full")
    yield _complaint("accounts@pellworth.example", 9)
    yield _mail(
        "accounts@windlass.example", 9, "Re: Payment made to you by mistake",
        "Please take us off your list and do not write to us again.\n",
    )  # fmt: skip
    yield _mail("someone@elsewhere.example", 10, "Newsletter", "Our spring catalogue is out now.\n")


def _head(sender: str, day: int, subject: str, more: str) -> str:
    sent = datetime(2026, 1, day, 10, 12)  # noqa: DTZ001 - of the company's own zone
    return (
        f"From {sender} {sent:%a %b %d %H:%M:%S %Y}\n"
        f"Message-ID: <{sent:%Y%m%d%H%M}.{sender}>\n"
        f"Date: {sent:%a, %d %b %Y %H:%M:%S} -0500\nFrom: {sender}\nTo: {ME}\nSubject: {subject}\n"
        f"MIME-Version: 1.0\n{more}"
    )


def _mail(sender: str, day: int, subject: str, body: str, more: str = "") -> str:
    return f"{_head(sender, day, subject, more)}Content-Type: text/plain; charset=utf-8\n\n{body}\n\n"


def _returned(recipient: str, day: int, status: str, said: str) -> str:
    """Make a delivery status notification (RFC 3464)."""
    sender = f"MAILER-DAEMON@mx.{recipient.partition('@')[2]}"
    kind = 'multipart/report; report-type=delivery-status; boundary="b1"'
    more = f"Auto-Submitted: auto-replied\nContent-Type: {kind}\n"
    return (
        f"{_head(sender, day, 'Undelivered Mail Returned to Sender', more)}\n"
        "--b1\nContent-Type: text/plain\n\nThis is the mail system. Your message could not be delivered.\n\n"
        f"<{recipient}>: host mx.{recipient.partition('@')[2]} said: {said}\n"
        "    (in reply to RCPT TO command)\n\n"
        "--b1\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        f"Final-Recipient: rfc822; {recipient}\nAction: failed\nStatus: {status}\n"
        f"Diagnostic-Code: smtp; {said}\n\n"
        "--b1--\n\n"
    )


def _complaint(recipient: str, day: int) -> str:
    """Make an abuse report (RFC 5965)."""
    more = 'Content-Type: multipart/report; report-type=feedback-report; boundary="b2"\n'
    return (
        f"{_head('fbl@mailprovider.example', day, 'Abuse report', more)}\n"
        "--b2\nContent-Type: text/plain\n\nThis is an abuse report of a mail that one of our users got.\n\n"
        "--b2\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: P/1\nVersion: 1\n"
        f"Original-Rcpt-To: {recipient}\n\n"
        f"--b2\nContent-Type: text/rfc822-headers\n\nFrom: {ME}\nTo: {recipient}\n"
        "Subject: Invoice paid twice\n\n--b2--\n\n"
    )
