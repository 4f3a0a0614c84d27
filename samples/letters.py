"""E-mails and calendar events: approvals of large payments, what is behind charges, and small talk."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from samples.chance import Chance
from samples.days import END, START, later, on_or_before, works
from samples.model import Charge, Mail, Meeting, Payment, Year

LARGE: Final = 900_000  # minor units: from here on payments are approved in writing
_YES: Final = (
    "Approved. Please pay with the next run.",
    "Approved, thanks.",
    "Go ahead.",
    "Checked against the order. Approved.",
    "Fine by me, this is authorized.",
    "You have my approval. Please file the delivery note.",
)
_TALK: Final = (
    (
        "Workshop rota",
        "The rota for next week is on the board. Please tell Rafael by Thursday what doesn't fit.",
    ),
    (
        "Showroom lights",
        "Two of the spots over the oak display are out. Quarry Bay will look at them on Monday.",
    ),
    ("Van keys", "Whoever took the keys of the second van, please bring them back to the office."),
    ("Timesheets", "Timesheets are due on Friday noon. Priya can't run payroll without them."),
    ("Sample boards", "The new veneer samples arrived. They are on the long table until Wednesday."),
    ("Site visit", "The client moved the visit by an hour. Please bring the revised drawings."),
    ("Statement", "Please find our statement of account attached. No action is needed if all is paid."),
    ("Lunch on Friday", "Soup and bread in the kitchen at noon, as every month."),
)


def correspond(year: Year) -> None:
    """Add the year's letters: call it when all payments and charges are there."""
    chance = Chance("letters")
    for payment in year.payments:
        usual = payment.seller is not None and payment.seller.recurring
        if payment.amount >= LARGE and not usual and payment.written:
            approve(year, chance, payment, on_or_before(payment.paid_on - timedelta(days=chance.whole(2, 4))))
        if payment.ordered_on:
            approve(year, chance, payment, payment.ordered_on)
    for spent in year.charges:
        if spent.amount > 20_000 and spent.category in ("Travel", "Meals & Entertainment"):
            _explain(year, chance, spent)
    for week in range(52):
        _meet(year, START + timedelta(days=7 * week + 5))
        for _ in range(2):
            _chat(year, chance, START + timedelta(days=7 * week + chance.whole(0, 6)))
    year.mails.sort(key=lambda mail: (mail.sent_at, mail.subject))
    year.meetings.sort(key=lambda event: (event.starts_at, event.title))
    for index, mail in enumerate(year.mails, 1):
        mail.message_id = f"MSG-{index:05d}"
    for index, event in enumerate(year.meetings, 1):
        event.event_id = f"EVT-{index:05d}"


def approve(year: Year, chance: Chance, payment: Payment, requested: date) -> None:
    """Add the thread in which a payment, or the order before it, is asked for and approved."""
    clerk, boss = year.person(payment.prepared_by), year.person(payment.approved_by)
    numbers = ", ".join(item.invoice_no for item, _, _ in payment.lines) or "no invoice yet"
    subject = f"Approval: {payment.vendor_name}, {money(payment.amount)} {payment.currency}"
    body = (
        f"Hello {boss.person_name.split()[0]}, please approve {money(payment.amount)} {payment.currency} to "
        f"{payment.vendor_name} for {numbers}. Goods received and checked. {clerk.person_name.split()[0]}"
    )
    thread = f"T-{payment.vendor_id}-{requested:%m%d}-{payment.amount}"
    sent = at(requested, chance.whole(8, 14), chance.whole(0, 59))
    year.mails.append(Mail("", thread, sent, clerk.email, boss.email, subject, body))
    answered = sent + timedelta(minutes=chance.whole(12, 170))
    year.mails.append(
        Mail("", thread, answered, boss.email, clerk.email, f"Re: {subject}", chance.pick(_YES))
    )


def money(minor: int) -> str:
    """Write minor units for a reader."""
    return f"{minor // 100:,}.{minor % 100:02d}"


def at(day: date, hour: int, minute: int) -> datetime:
    """Give a local time of a day."""
    return datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001 - the entity's local time


def _explain(year: Year, chance: Chance, charge: Charge) -> None:
    guest = chance.pick(
        ["Bellhaven Hotel Group", "Quillon Capital", "Viaduct Offices", "Rosemoor Care Homes"]
    )
    who = year.person(charge.person_id)
    if charge.category == "Travel":
        title, place, hour = f"Trip to {guest}", "on site", 9
    else:
        title, place, hour = f"Dinner with {guest}", charge.merchant.split("*")[-1].strip().title(), 19
    starts = at(charge.charged_on, hour, 0)
    guests = f"{who.email};office@{guest.split()[0].lower()}.example"
    year.meetings.append(
        Meeting("", starts, starts + timedelta(hours=2), title, who.person_id, guests, place)
    )


def _meet(year: Year, day: date) -> None:
    if works(day) and day <= END:
        starts = at(day, 9, 0)
        year.meetings.append(
            Meeting("", starts, starts + timedelta(minutes=45), "Production meeting", "E08",
                    "aiko.merriweather@harbourpine.example;rafael.ibarra@harbourpine.example", "Workshop")
        )  # fmt: skip


def _chat(year: Year, chance: Chance, day: date) -> None:
    subject, body = chance.pick(_TALK)
    sender = chance.pick(year.staff)
    sent = at(later(min(day, END - timedelta(days=2)), 0), chance.whole(8, 17), chance.whole(0, 59))
    thread = f"T-{sent:%m%d%H%M}-{sender.person_id}"
    year.mails.append(Mail("", thread, sent, sender.email, "all@harbourpine.example", subject, body))
