"""The canonical tables of a snapshot, by name, and the columns of those that make up the books.

Money columns end in `_minor` (integer minor units of `currency`); `*_day` is days since 1970-01-01 (UTC).
Card, receipt, invoice and payment amounts are positive when they cost the entity; bank and ledger amounts
are positive when money comes in.
"""

from __future__ import annotations

from typing import Final

from tools.books import claim_tables, document_tables, intake_tables

TXN: Final = {
    "row_key": "VARCHAR",  # source:hash-occurrence; the same over runs, file splits and row orders
    "source": "VARCHAR",  # name in the sources file
    "kind": "VARCHAR",  # card, bank, receipt, invoice, payment, ledger
    "entity": "VARCHAR",
    "scope": "VARCHAR",  # window (may be flagged), history, open (carried forward, unmatched)
    "txn_id": "VARCHAR",  # what the source calls it: may repeat or be missing
    "posted_on": "DATE",
    "posted_day": "BIGINT",
    "posted_at": "TIMESTAMP",  # where the source has a time; entity's zone
    "posted_hour": "INTEGER",
    "amount_minor": "BIGINT",
    "currency": "VARCHAR",
    "vendor_name": "VARCHAR",  # as written
    "vendor_key": "VARCHAR",  # normalised: upper case, legal suffixes and network noise gone
    "vendor_id": "VARCHAR",
    "account": "VARCHAR",  # ledger account, bank account, card program
    "category": "VARCHAR",
    "person_id": "VARCHAR",
    "person_name": "VARCHAR",
    "card_last4": "VARCHAR",
    "reference": "VARCHAR",  # cheque number, wire reference, statement reference
    "invoice_no": "VARCHAR",
    "linked_id": "VARCHAR",  # txn_id of the document that this row says it belongs to
    "description": "VARCHAR",
    "created_by": "VARCHAR",
    "approved_by": "VARCHAR",
    "due_on": "DATE",
    "due_day": "BIGINT",
    "entered_on": "DATE",  # when it was keyed, where that differs from posted_on
    "entered_day": "BIGINT",
    "journal_id": "VARCHAR",
    "bank_account": "VARCHAR",  # the counterparty's
    "status": "VARCHAR",  # the source's own: voided, reversed, cleared
    "balance_minor": "BIGINT",  # running balance after this row (bank)
    "net_minor": "BIGINT",  # of the amount, before taxes
    "tax_minor": "BIGINT",  # of the amount: VAT, sales tax
    "content_hash": "VARCHAR",  # of every canonical value except txn_id
    "rest_hash": "VARCHAR",  # of every raw cell except txn_id and amount
    "rounded": "BOOLEAN",  # the source gave more decimals than the currency has
    "file": "VARCHAR",
    "line": "BIGINT",
}

CALENDAR: Final = {
    "day": "DATE",
    "day_number": "BIGINT",
    "day_name": "VARCHAR",
    "is_business_day": "BOOLEAN",
    "is_holiday": "BOOLEAN",
    "holiday_name": "VARCHAR",
    "business_day_number": "BIGINT",  # business days up to and including this day
    "period": "VARCHAR",  # 2025-03
    "is_period_end": "BOOLEAN",
    "fiscal_year": "BIGINT",  # named after the year in which it ends
}

VENDOR: Final = {
    "vendor_id": "VARCHAR",
    "vendor_name": "VARCHAR",
    "vendor_key": "VARCHAR",
    "bank_account": "VARCHAR",
    "tax_id": "VARCHAR",
    "address": "VARCHAR",
    "created_on": "DATE",
    "bank_changed_on": "DATE",
    "recurring": "VARCHAR",  # yes when declared recurring
    "aliases": "VARCHAR",  # former names, separated by ;
}

EMPLOYEE: Final = {
    "person_id": "VARCHAR",
    "person_name": "VARCHAR",
    "email": "VARCHAR",
    "title": "VARCHAR",
    "manager_id": "VARCHAR",
    "bank_account": "VARCHAR",
    "tax_id": "VARCHAR",
    "address": "VARCHAR",
    "card_last4": "VARCHAR",
    "left_on": "DATE",
}

CLIENT: Final = {"client_id": "VARCHAR", "client_name": "VARCHAR", "client_key": "VARCHAR"}

AUTHORITY: Final = {
    "person_id": "VARCHAR",
    "limit_minor": "BIGINT",
    "currency": "VARCHAR",
    "category": "VARCHAR",  # null: any
}

FX_RATE: Final = {"day": "DATE", "currency": "VARCHAR", "to_currency": "VARCHAR", "rate_e9": "BIGINT"}

TRIAL_BALANCE: Final = {
    "period": "VARCHAR",
    "account": "VARCHAR",
    "opening_minor": "BIGINT",
    "movement_minor": "BIGINT",
    "closing_minor": "BIGINT",
    "currency": "VARCHAR",
}

REMITTANCE: Final = {
    "remittance_id": "VARCHAR",
    "payment_id": "VARCHAR",
    "invoice_ref": "VARCHAR",
    "amount_minor": "BIGINT",
    "currency": "VARCHAR",
    "memo": "VARCHAR",
}

# Other names of vendors, as runs before this one learned them.
ALIAS: Final = {
    "alias_key": "VARCHAR",  # a vendor_key, or the words of a bank's text
    "vendor_key": "VARCHAR",
}

# Tables of kind `table`, one row a cell: a view over the snapshot's table_<source>.parquet files.
CELL: Final = {
    "source": "VARCHAR",
    "row_key": "VARCHAR",
    "field": "VARCHAR",
    "value": "VARCHAR",  # as written; null where the row has no such cell
}

CANONICAL: Final = {
    "txn": TXN,
    "calendar": CALENDAR,
    "vendor": VENDOR,
    "employee": EMPLOYEE,
    "client": CLIENT,
    "authority": AUTHORITY,
    "fx_rate": FX_RATE,
    "trial_balance": TRIAL_BALANCE,
    "remittance": REMITTANCE,
    "contact": claim_tables.CONTACT,
    "receivable": claim_tables.RECEIVABLE,
    "statement": claim_tables.STATEMENT,
    "utility_bill": claim_tables.UTILITY_BILL,
    "email": document_tables.EMAIL,
    "event": document_tables.EVENT,
    "document": document_tables.DOCUMENT,
    "rejected": intake_tables.REJECTED,
    "left_out": intake_tables.LEFT_OUT,
    "statement_proof": intake_tables.STATEMENT_PROOF,
    "not_read": intake_tables.NOT_READ,
    "control_total": intake_tables.CONTROL_TOTAL,
    "required_field": intake_tables.REQUIRED_FIELD,
    "declared_total": intake_tables.DECLARED_TOTAL,
    "source_domain": intake_tables.SOURCE_DOMAIN,
    "alias": ALIAS,
}
