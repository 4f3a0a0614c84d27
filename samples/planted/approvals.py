"""Who approved what: preparers who approve, limits that don't reach, bank details that just changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from samples.chance import Chance
from samples.model import Year
from samples.planted.buying import single

# Vendor, and how many days before a payment its bank details changed: within 14 somebody should ask.
CHANGED: Final = {
    "Norrland Timber": 4, "Saltmarsh Install": 9, "Quarry Bay": 6, "Cedarline Sawmill": 16,
    "Sable Upholstery": 25,
}  # fmt: skip


def prepare(year: Year) -> None:
    """Rename a vendor and change bank details, before anything is bought."""
    renamed = year.vendor("Brightwater Print")
    renamed.vendor_name, renamed.aliases = "Brightwater Graphics Inc", "Brightwater Print Works"


def plant(year: Year) -> None:
    """Plant approvals that were none."""
    chance = Chance("approvals")
    for payment in single(year, chance, 4, months=range(2, 12)):
        payment.prepared_by = payment.approved_by = "E07" if payment.amount <= 500_000 else "E03"
        payment.marked, payment.written = True, False
        year.wrong(payment, "preparer_approves", "one person prepared and approved it")
    for payment in single(year, chance, 4, months=range(1, 12), least=510_000):
        payment.approved_by, payment.marked, payment.written = "E08", True, False
        year.wrong(payment, "above_own_limit", "the approver's limit is 5,000.00")
    after = [p for p in year.payments if p.vendor_name == "Brightwater Graphics Inc"]
    for payment in after[:2]:
        year.honest(payment, "vendor_renamed", "formerly Brightwater Print Works, in the vendor file")


def change_bank(year: Year) -> None:
    """Change bank details some days before a payment; what was paid before went to the old account."""
    chance = Chance("bank details")
    for name, days in CHANGED.items():
        vendor = year.vendor(name)
        mine = sorted((p for p in year.payments if p.vendor_id == vendor.vendor_id), key=lambda p: p.paid_on)
        paid = chance.pick([p for p in mine if p.paid_on.month in range(5, 12) and not p.marked])
        vendor.bank_changed_on = paid.paid_on - timedelta(days=days)
        for payment in mine:
            since = (payment.paid_on - vendor.bank_changed_on).days
            if since < 0:
                payment.to_account = f"031000900-{4_400_000 + int(vendor.vendor_id[1:]) * 911}"
            elif since <= 14:
                year.wrong(payment, "bank_details_changed", f"bank details changed {since} days before")
            elif since <= 30:
                year.honest(payment, "bank_changed_long_before", f"bank details changed {since} days before")
