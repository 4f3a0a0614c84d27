-- repeated_posting: the postings of one vendor and one amount, with all that says whether one of them was paid again
-- purpose: what the tests of payments twice compare is read once: nothing voided, nothing without a day, and without an
--   invoice number only where amounts of that vendor seldom repeat
-- source: Nigrini, Forensic Analytics (2011), ch. 12 (same-same tests)
-- with: repeated_amount
SELECT t.row_key, t.txn_id, t.scope, r.kind, r.currency, r.party, r.vendor, r.amount_minor, t.invoice_no, s.posted_day,
       CASE WHEN r.kind = 'card' THEN coalesce(t.person_id, t.person_name, t.card_last4) END AS person,
       r.n, r.returned, r.usual_days, r.seldom
FROM spend s
JOIN repeated_amount r ON r.party = s.party AND r.amount_minor = s.amount_minor
JOIN txn t ON t.row_key = s.row_key
WHERE s.posted_day IS NOT NULL AND NOT s.is_void AND (t.invoice_no IS NOT NULL OR r.seldom)
