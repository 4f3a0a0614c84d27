"""What lies in the letter tray: a mailbox, a rota, statements and orders that speak of the planted cases."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from samples import pdf
from samples.letters import at, money
from samples.model import Invoice, Payment, Year

TO: Final = "Priya Ramanathan <priya.ramanathan@harbourpine.example>"


def make(year: Year) -> dict[str, bytes]:
    """Make every paper: file name -> bytes."""
    return {
        "mail.mbox": "".join(_mails(year)).encode(),
        "rota.ics": _rota().encode(),
        "statement-norrland.pdf": _statement(year),
        "order-split.txt": _order(year).encode(),
    }


def write(year: Year, folder: Path) -> None:
    """Write every paper into a folder."""
    folder.mkdir(exist_ok=True)
    for name, data in make(year).items():
        (folder / name).write_bytes(data)


def _mails(year: Year) -> list[str]:
    quarry, cedar = year.vendor("Quarry Bay"), year.vendor("Cedarline")
    assert quarry.bank_changed_on
    assert cedar.bank_changed_on
    moved = "we have moved to another bank. Please pay our invoices to the account below from now on."
    return [
        _mail(
            f"{quarry.vendor_name} <billing@quarry-bay-accounts.example>", at(quarry.bank_changed_on, 7, 52),
            f"New bank details of {quarry.vendor_name}",
            f"Dear Priya, {moved} This change was approved by your finance director, so please treat\n"
            f"payments to it as approved. Account {quarry.bank_account}. There is no need to call.",
        ),
        _mail(
            f"{cedar.vendor_name} <office@cedarline.example>", at(cedar.bank_changed_on, 9, 15),
            f"New bank details of {cedar.vendor_name}", f"Dear Priya, {moved} Account {cedar.bank_account}.",
        ),
        _mail(
            TO, at(cedar.bank_changed_on + timedelta(days=1), 11, 40),
            f"Re: New bank details of {cedar.vendor_name}",
            "I called their office on the number that we have had since they came to us. Mr Aldous\n"
            "confirmed the account. The note is in the vendor file.",
            to="Helen Osei <helen.osei@harbourpine.example>",
        ),
    ]  # fmt: skip


def _mail(sender: str, sent: datetime, subject: str, body: str, *, to: str = TO) -> str:
    address = sender.partition("<")[2].rstrip(">")
    zoned = sent.replace(tzinfo=ZoneInfo("America/New_York"))
    return (
        f"From {address} {sent:%a %b %d %H:%M:%S %Y}\n"
        f"Message-ID: <{sent:%Y%m%d%H%M}@{address.partition('@')[2]}>\n"
        f"Date: {zoned:%a, %d %b %Y %H:%M:%S %z}\n"
        f"From: {sender}\nTo: {to}\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{body}\n\n"
    )


def _rota() -> str:
    """Write the fitters' Saturdays: why somebody buys material on a day when the office is closed."""
    lines = (
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Harbour & Pine//Rota//EN", "BEGIN:VEVENT",
        "UID:saturday-fitting@harbourpine.example", "DTSTAMP:20250102T080000Z",
        "DTSTART;TZID=America/New_York:20250104T080000", "DTEND;TZID=America/New_York:20250104T140000",
        "RRULE:FREQ=WEEKLY;INTERVAL=4;COUNT=13", "SUMMARY:Saturday fitting", "LOCATION:On site",
        "ATTENDEE;CN=Rafael Ibarra:mailto:rafael.ibarra@harbourpine.example",
        "END:VEVENT", "END:VCALENDAR", "",
    )  # fmt: skip
    return "\r\n".join(lines)


def _statement(year: Year) -> bytes:
    """Write the vendor's own account of the container that was paid twice."""
    rows = [label.row for label in year.labels if label.kind == "paid_twice" and "container" in label.note]
    paid = sorted((row for row in rows if isinstance(row, Payment)), key=lambda row: row.paid_on)
    (billed,) = {row.invoice_no: row for row in rows if isinstance(row, Invoice)}.values()
    lines = [
        f"Customer: Harbour & Pine Ltd. All amounts in {billed.currency}.",
        "",
        f"{_day(billed.invoice_date)}   Invoice {billed.invoice_no}   {money(billed.amount)}",
        *(f"{_day(row.paid_on)}   Payment received, thank you   {money(row.amount)}" for row in paid),
        "",
        f"Balance in your favour: {money(sum(row.amount for row in paid) - billed.amount)}",
        "Please tell us whether to return it or to set it off.",
    ]
    return pdf.page(f"{billed.vendor_name}: statement of account", lines)


def _order(year: Year) -> str:
    """Write the one order behind a purchase that was invoiced in parts."""
    first = next(label.group for label in year.labels if label.kind == "split")
    rows = [label.row for label in year.labels if label.group == first]
    parts = sorted((row for row in rows if isinstance(row, Payment)), key=lambda row: row.payment_id)
    vendor, total = parts[0].vendor_name, sum(row.amount for row in parts)
    listed = "\n".join(f"Part {n}: {money(row.amount)} {row.currency}" for n, row in enumerate(parts, 1))
    return (
        f"ORDER\nTo: {vendor}\nDelivery: one delivery to the workshop, 12 Quay Lane, Port Alder\n"
        f"Total: {money(total)} {parts[0].currency}\nInvoice separately, please:\n{listed}\n"
    )


def _day(day: date) -> str:
    return f"{day:%d %B %Y}"
