"""Columns of what claims rest on: contacts, receivables, vendors' statements, utility bills.

Money columns end in `_minor` (integer minor units of `currency`).
"""

from __future__ import annotations

from typing import Final

# Whom to write to about what a party owes.
CONTACT: Final = {
    "party_id": "VARCHAR",  # as the books number it: a vendor_id, a client_id
    "party_name": "VARCHAR",
    "party_key": "VARCHAR",
    "person_name": "VARCHAR",
    "position": "VARCHAR",
    "email": "VARCHAR",
    "phone": "VARCHAR",
    "city": "VARCHAR",
    "state": "VARCHAR",
    "country": "VARCHAR",  # ISO 3166
    "timezone": "VARCHAR",  # IANA
    "language": "VARCHAR",  # ISO 639
    "industry": "VARCHAR",
    "consumer": "VARCHAR",  # yes where it is a private person
}

# What customers owe: one row an invoice of ours.
RECEIVABLE: Final = {
    "document": "VARCHAR",
    "party_id": "VARCHAR",
    "party_name": "VARCHAR",
    "party_key": "VARCHAR",
    "dated_on": "DATE",
    "due_on": "DATE",
    "settled_on": "DATE",
    "amount_minor": "BIGINT",
    "paid_minor": "BIGINT",
    "currency": "VARCHAR",
    "disputed": "VARCHAR",  # yes where the customer disputes it
    "file": "VARCHAR",  # where the row stands
    "line": "BIGINT",
}

# What a vendor's statement of account says: one row a line; amounts are positive when we owe.
STATEMENT: Final = {
    "party_id": "VARCHAR",
    "party_name": "VARCHAR",
    "party_key": "VARCHAR",
    "document": "VARCHAR",
    "entry": "VARCHAR",  # invoice, credit, payment
    "applied_to": "VARCHAR",  # of a credit or payment: the invoice that it is set off against
    "dated_on": "DATE",
    "stated_on": "DATE",  # the day of the statement
    "amount_minor": "BIGINT",
    "currency": "VARCHAR",
    "file": "VARCHAR",  # where the row stands
    "line": "BIGINT",
}

# What utilities bill: one row a meter and period. Quantities are as written.
UTILITY_BILL: Final = {
    "bill_id": "VARCHAR",
    "party_id": "VARCHAR",
    "party_name": "VARCHAR",
    "party_key": "VARCHAR",
    "account": "VARCHAR",
    "meter": "VARCHAR",
    "service": "VARCHAR",  # electricity, gas, water
    "statement_type": "VARCHAR",  # bill, adjustment, notice, prepaid
    "supersedes": "VARCHAR",  # of an adjustment: the bill that it replaces
    "billed_on": "DATE",
    "from_on": "DATE",
    "to_on": "DATE",
    "due_on": "DATE",
    "paid_on": "DATE",
    "closed_on": "DATE",  # the day on which the meter was closed
    "previous_reading": "VARCHAR",
    "reading": "VARCHAR",
    "reading_kind": "VARCHAR",  # actual, estimated
    "multiplier": "VARCHAR",
    "usage": "VARCHAR",
    "rate_class": "VARCHAR",
    "tax_exempt": "VARCHAR",  # yes where the account is
    "usage_charge_minor": "BIGINT",
    "fixed_minor": "BIGINT",
    "tax_minor": "BIGINT",
    "late_fee_minor": "BIGINT",
    "amount_minor": "BIGINT",
    "currency": "VARCHAR",
    "file": "VARCHAR",  # where the row stands
    "line": "BIGINT",
}
