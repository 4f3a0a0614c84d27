-- breaks: rows that agree with nothing on the other side, or not in amount
-- noun: break
-- table: break
-- unit: money
-- grain: a break
-- not included: what clears in its ordinary time stands as timing
-- owner: reconciliation
-- figure: break_count = count | how many breaks the last reconciliation left
-- figure: break_total = sum | the amounts of the rows that break
SELECT b.row_key, coalesce(t.posted_on, $end_day) AS day, t.vendor_key, t.vendor_name AS vendor,
  coalesce(t.source, b.side) AS source, b.currency, b.pair, b.reason AS status, abs(b.amount_minor) AS value,
  b.txn_id AS document
FROM break b LEFT JOIN txn t ON t.row_key = b.row_key
