-- spend: what was bought and paid, narrow: party, day, amount, and the row that it stands in
-- purpose: many tests look at the same few columns; they are read once
-- source: Nigrini, Forensic Analytics (2011), ch. 12
-- with: party
SELECT t.row_key, t.scope = 'window' AS inside, p.party, CAST(t.posted_day AS INTEGER) AS posted_day, t.amount_minor,
       coalesce(lower(t.status), '') IN ('void', 'voided', 'reversed', 'canceled', 'cancelled') AS is_void
FROM txn t
JOIN party p ON p.kind = t.kind AND p.currency = t.currency AND p.vendor = coalesce(t.vendor_id, t.vendor_key, '')
WHERE t.kind IN ('card', 'invoice', 'payment') AND t.amount_minor > 0
