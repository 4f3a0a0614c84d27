"""The canonical tables of a snapshot, and the results that checks leave beside it.

Money columns end in `_minor` (integer minor units of `currency`); `*_day` is days since 1970-01-01 (UTC).
Card, receipt, invoice and payment amounts are positive when they cost the entity; bank and ledger amounts
are positive when money comes in.
"""

from __future__ import annotations

from typing import Final

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
}

EMAIL: Final = {
    "doc_id": "VARCHAR",
    "thread_id": "VARCHAR",
    "sent_at": "TIMESTAMP",
    "sender": "VARCHAR",
    "recipients": "VARCHAR",
    "subject": "VARCHAR",
    "body": "VARCHAR",
    "attachments": "VARCHAR",  # the text of what was attached, below its names
}

EVENT: Final = {
    "doc_id": "VARCHAR",
    "starts_at": "TIMESTAMP",
    "ends_at": "TIMESTAMP",
    "title": "VARCHAR",
    "person_id": "VARCHAR",
    "attendees": "VARCHAR",
    "location": "VARCHAR",
}

DOCUMENT: Final = {
    "doc_id": "VARCHAR",
    "title": "VARCHAR",
    "dated_on": "DATE",  # what the document says of itself, where it does
    "text": "VARCHAR",
    "file": "VARCHAR",
}

REJECTED: Final = {
    "source": "VARCHAR",
    "file": "VARCHAR",
    "line": "BIGINT",
    "reason": "VARCHAR",
    "raw": "VARCHAR",  # first 1,000 characters of the row
}

# Rows that were read and are no postings of their source: what they are, and how many.
LEFT_OUT: Final = {
    "source": "VARCHAR",
    "file": "VARCHAR",
    "why": "VARCHAR",  # header, page, balance, total, note, heading, pending, overlap ..., where
    "rows": "BIGINT",
}

# What statements say of themselves (balances, control totals, counts), held against their lines.
STATEMENT_PROOF: Final = {
    "source": "VARCHAR",
    "file": "VARCHAR",
    "line": "BIGINT",
    "account": "VARCHAR",
    "currency": "VARCHAR",  # null where it is a count
    "subject": "VARCHAR",  # closing balance, control total of account 1111, number of records ...
    "opening": "VARCHAR",  # decimal text; null where it is no balance, or none is said
    "expected": "VARCHAR",  # as the statement says it
    "actual": "VARCHAR",  # as its lines give it; null where nothing can be held against it
    "off_minor": "BIGINT",  # actual - expected, of money
    "ties": "BOOLEAN",
}

# Files beside the books that nothing reads.
NOT_READ: Final = {"file": "VARCHAR", "why": "VARCHAR"}

CONTROL_TOTAL: Final = {
    "source": "VARCHAR",
    "file": "VARCHAR",
    "sha256": "VARCHAR",
    "currency": "VARCHAR",
    "rows": "BIGINT",  # read: canonical + rejected + filtered
    "rejected": "BIGINT",
    "filtered": "BIGINT",  # left out by the source's `where`
    "outside": "BIGINT",  # canonical, but neither in the window nor in the history nor open
    "sum_minor": "BIGINT",  # of the canonical rows, those outside included
}

# Other names of vendors, as runs before this one learned them.
ALIAS: Final = {
    "alias_key": "VARCHAR",  # a vendor_key, or the words of a bank's text
    "vendor_key": "VARCHAR",
}

REQUIRED_FIELD: Final = {"source": "VARCHAR", "field": "VARCHAR"}  # txn columns that a source must fill

# What a source declares that it holds, to be held against control_total.
SOURCE_DOMAIN: Final = {"source": "VARCHAR", "domain": "VARCHAR"}  # what its rows are of, where it is said

DECLARED_TOTAL: Final = {
    "source": "VARCHAR",
    "currency": "VARCHAR",  # null: all
    "rows": "BIGINT",
    "sum_minor": "BIGINT",
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
    "contact": CONTACT,
    "receivable": RECEIVABLE,
    "statement": STATEMENT,
    "utility_bill": UTILITY_BILL,
    "email": EMAIL,
    "event": EVENT,
    "document": DOCUMENT,
    "rejected": REJECTED,
    "left_out": LEFT_OUT,
    "statement_proof": STATEMENT_PROOF,
    "not_read": NOT_READ,
    "control_total": CONTROL_TOTAL,
    "required_field": REQUIRED_FIELD,
    "declared_total": DECLARED_TOTAL,
    "source_domain": SOURCE_DOMAIN,
    "alias": ALIAS,
}

FINDING: Final = {
    "check": "VARCHAR",
    "test": "VARCHAR",
    "row_key": "VARCHAR",
    "score": "INTEGER",
    "observed": "VARCHAR",
    "threshold": "VARCHAR",
    "population": "VARCHAR",
    "partner_key": "VARCHAR",  # the row that it was held against, where there is one
    "field": "VARCHAR",  # the column that is wrong, where it is one
    "event": "VARCHAR",  # what all findings of one event share, where it has several: they are one case
    "off_minor": "BIGINT",  # what a total (a journal, an account) is off by: that is at risk, not the row
}

MATCH: Final = {
    "pair": "VARCHAR",
    "group_id": "VARCHAR",  # rows of one match, N:M included, share it
    "left_key": "VARCHAR",
    "right_key": "VARCHAR",
    "left_id": "VARCHAR",
    "right_id": "VARCHAR",
    "kind": "VARCHAR",  # 1:1, 1:N, N:1, N:M, offset
    "pass": "VARCHAR",  # which pass found it
    "confidence": "DOUBLE",
    "amount_minor": "BIGINT",  # what of the left row this line covers
    "difference_minor": "BIGINT",
    "difference_reason": "VARCHAR",  # fee, fx, discount, transposed digits ...
}

EVIDENCE: Final = {  # of a match of two rows, in log-odds: see tools/checks/reconciliation/match_evidence.py
    "pair": "VARCHAR",
    "left_key": "VARCHAR",
    "right_key": "VARCHAR",
    "prior": "DOUBLE",
    "amount": "DOUBLE",
    "name_level": "UTINYINT",
    "name": "DOUBLE",
    "number_level": "UTINYINT",
    "number": "DOUBLE",
    "form_level": "UTINYINT",
    "form": "DOUBLE",
    "days": "INTEGER",
    "lag": "DOUBLE",
    "rivals": "DOUBLE",  # less what stands against it
}

WEIGHT: Final = {  # what each outcome of a comparison weighs in a pair: weight = ln(m / u)
    "pair": "VARCHAR",
    "field": "VARCHAR",
    "level": "INTEGER",
    "m": "DOUBLE",  # how often among matches
    "u": "DOUBLE",  # how often among non-matches
    "weight": "DOUBLE",
}

LEARNED_ALIAS: Final = {
    **ALIAS,
    "pair": "VARCHAR",
    "times": "BIGINT",  # matches that say so
    "confidence": "DOUBLE",  # of those matches, on average
}

# What each pair holds against what, in words: the population of its findings.
COMPARED: Final = {
    "pair": "VARCHAR",
    "side": "VARCHAR",  # left, right, matched, statement
    "population": "VARCHAR",
}

BREAK: Final = {
    "pair": "VARCHAR",
    "side": "VARCHAR",  # left, right, statement
    "row_key": "VARCHAR",
    "txn_id": "VARCHAR",
    "reason": "VARCHAR",  # timing, prior_period, unpaid, amount, fee, fx, duplicate, wrong_party, ...
    "amount_minor": "BIGINT",
    "currency": "VARCHAR",
    "difference_minor": "BIGINT",
    "nearest_key": "VARCHAR",
    "why_not": "VARCHAR",
    "age_days": "BIGINT",
}

# What matching leaves in the process, for the tests that read it.
RECONCILED: Final = {"match": MATCH, "break": BREAK, "compared": COMPARED}
