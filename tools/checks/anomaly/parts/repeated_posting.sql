-- repeated_posting: the postings of one vendor and one amount, with all that says whether one of them was paid again
-- purpose: what the tests of payments twice compare is read once: nothing voided, nothing without a day, and without an
--   invoice number only where amounts of that vendor seldom repeat. A number without a figure ("REDACTED"), or that is a
--   placeholder, is none, but for what recurs ("RENT")
-- source: Nigrini, Forensic Analytics (2011), ch. 12 (same-same tests)
-- with: repeated_amount, placeholder_number
WITH posting AS (
    SELECT t.row_key, t.txn_id, t.scope, t.source, r.kind, r.currency, r.party, r.vendor, r.amount_minor, s.posted_day,
           CASE WHEN r.usual_days < 100000
                    OR (p.invoice_no IS NULL AND translate(t.invoice_no, '0123456789', '') <> t.invoice_no)
                THEN t.invoice_no END AS invoice_no,
           CASE WHEN r.kind = 'card' THEN coalesce(t.person_id, t.person_name, t.card_last4) END AS person,
           t.account, coalesce(t.reference, t.txn_id) AS document, r.n, r.returned, r.usual_days, r.seldom
    FROM spend s
    JOIN repeated_amount r ON r.party = s.party AND r.amount_minor = s.amount_minor
    JOIN txn t ON t.row_key = s.row_key
    LEFT JOIN placeholder_number p ON p.kind = t.kind AND p.currency = t.currency AND p.invoice_no = t.invoice_no
    WHERE s.posted_day IS NOT NULL AND NOT s.is_void
)
SELECT *, regexp_replace(document, '[0-9]+$', '') AS document_series
FROM posting
WHERE invoice_no IS NOT NULL OR seldom
