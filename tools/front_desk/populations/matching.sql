-- matching: how much of what should agree with another source does
-- noun: match rate
-- table: matching
-- unit: share
-- grain: a row that was held against another source
-- not included: rows that the pair leaves aside
-- owner: reconciliation
-- figure: match_rate = average | matched rows by all rows held against another source
-- figure: matched_count = total | how many rows are matched
SELECT m.row_key, t.posted_on AS day, t.vendor_key, t.vendor_name AS vendor, t.source, t.currency, m.pair,
  m.matched AS value, t.txn_id AS document
FROM matching m JOIN txn t ON t.row_key = m.row_key
