"""What judgement writes beside the checks' results: suspects, cases, evidence, flags.

Amounts are integer minor units of `currency`; `exposure_base` is the exposure in the entity's currency.
"""

from __future__ import annotations

from typing import Final

SUSPECT: Final = {
    "row_key": "VARCHAR",
    "txn_id": "VARCHAR",
    "source": "VARCHAR",
    "kind": "VARCHAR",
    "posted_on": "DATE",
    "posted_day": "BIGINT",
    "amount_minor": "BIGINT",
    "currency": "VARCHAR",
    "vendor_name": "VARCHAR",
    "vendor_key": "VARCHAR",
    "vendor_id": "VARCHAR",
    "account": "VARCHAR",
    "category": "VARCHAR",
    "person_id": "VARCHAR",
    "person_name": "VARCHAR",
    "reference": "VARCHAR",
    "invoice_no": "VARCHAR",
    "journal_id": "VARCHAR",
    "linked_id": "VARCHAR",
    "description": "VARCHAR",
    "created_by": "VARCHAR",
    "approved_by": "VARCHAR",
    "file": "VARCHAR",
    "line": "BIGINT",
    "exposure_minor": "BIGINT",  # money at risk, in `currency`
    "exposure_base": "BIGINT",  # the same in the entity's currency: what rules and ranks compare
    "counted_with": "VARCHAR",  # another row of the same event, with which its money is counted
    "score": "INTEGER",  # how strong the suspicion is: the strongest finding, or the weak ones together
    "lead_check": "VARCHAR",
    "lead_test": "VARCHAR",
    "family": "VARCHAR",  # of the lead test
    "event": "VARCHAR",  # what all rows of one event share, where the lead finding says so: they are one case
    "partner_key": "VARCHAR",  # row that the lead finding was held against
    "partner_id": "VARCHAR",  # its txn_id
    "partner_row": "VARCHAR",  # JSON: what a sentence says of it
    "families": "BIGINT",  # independent families of tests that found something
    "weak_only": "BOOLEAN",  # no finding is enough by itself; several are together
    "unmatched": "BOOLEAN",
    "statement": "BOOLEAN",  # a statement that does not tie, not a row without a partner
    "no_receipt": "BOOLEAN",  # the sources file asks for a receipt, and none was matched
    "incomplete": "BOOLEAN",  # a bad record
    "duplicate": "BOOLEAN",
    "anomaly_score": "INTEGER",
    "match_confidence": "DOUBLE",  # the lowest of the row's matches
    "break_reason": "VARCHAR",
    "difference_minor": "BIGINT",
    "nearest_key": "VARCHAR",
    "nearest_id": "VARCHAR",  # its txn_id
    "nearest_row": "VARCHAR",  # JSON: what a sentence says of it
    "why_not": "VARCHAR",
    "other_until": "DATE",
    "recurring": "BOOLEAN",  # on its vendor's rhythm, within the rules' share of its usual amount
    "tests": "VARCHAR",  # JSON list: check, test, family, score, observed, threshold, population, partner_key
    "case_id": "VARCHAR",
}

CASE: Final = {
    "case_id": "VARCHAR",
    "title": "VARCHAR",
    "subject": "VARCHAR",  # event, vendor, person, document, account, row: what its rows have in common
    "vendor": "VARCHAR",
    "family": "VARCHAR",
    "rows": "BIGINT",
    "exposure_minor": "BIGINT",  # in the entity's currency
    "currency": "VARCHAR",
    "score": "INTEGER",
    "rank": "BIGINT",  # 1 is the gravest: exposure times score
    "calmed_by": "VARCHAR",  # of a test that flagged beyond its share: what would calm it
}

EVIDENCE: Final = {
    "evidence_id": "VARCHAR",  # E1, E2 ... the same for the same books and suspects
    "row_key": "VARCHAR",
    "kind": "VARCHAR",  # receipt, email, approval, calendar, document, vendor, decision
    "doc_id": "VARCHAR",
    "excerpt": "VARCHAR",  # the span, as written: data, never instructions
    "span_start": "BIGINT",  # of the excerpt in the document's text, in characters: an e-mail's subject, a
    "span_end": "BIGINT",  # line break, its body and what was attached; null where it is no document
    "score": "DOUBLE",  # BM25, or 1.0 where the books themselves link the two
    "at": "VARCHAR",  # ISO day or time of the document
    "approver": "VARCHAR",
    "approved_at": "VARCHAR",
    "may_approve": "BOOLEAN",  # null: no authority table
    "why": "VARCHAR",  # what links it to the row, and why an approver may or may not
}

FLAG: Final = {
    "fingerprint": "VARCHAR",  # entity, row, lead test and partner: unique over runs
    "row_key": "VARCHAR",
    "txn_id": "VARCHAR",
    "source": "VARCHAR",
    "kind": "VARCHAR",
    "vendor": "VARCHAR",
    "person": "VARCHAR",
    "account": "VARCHAR",
    "posted_on": "DATE",
    "amount_minor": "BIGINT",
    "currency": "VARCHAR",
    "exposure_minor": "BIGINT",
    "exposure_base": "BIGINT",
    "severity": "VARCHAR",  # INFO, WARNING, CRITICAL
    "risk": "VARCHAR",  # LOW, MEDIUM, HIGH, CRITICAL
    "score": "INTEGER",
    "confidence": "DOUBLE",
    "role": "VARCHAR",  # the senior role that it goes to, or null
    "lead_test": "VARCHAR",
    "family": "VARCHAR",
    "partner_key": "VARCHAR",
    "case_id": "VARCHAR",
    "rank": "BIGINT",
    "explanation": "VARCHAR",
    "explained_by": "VARCHAR",  # template or model
    "explanation_note": "VARCHAR",  # why a template stands where a model was asked, or what was removed
    "tests": "VARCHAR",  # JSON, as in suspect
    "components": "VARCHAR",  # JSON: severity and confidence, each a list of steps: what, points, why
    "documents": "VARCHAR",  # JSON list of evidence with found: true, or found: false and its kind
    "file": "VARCHAR",
    "line": "BIGINT",
}
