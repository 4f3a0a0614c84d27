-- items: one side of a pair, amounts turned to the left side's sign; tie: what rows that agree go by
CREATE OR REPLACE TEMP TABLE item_{side} AS
SELECT t.row_key, t.txn_id, t.scope, $sign * t.amount_minor AS amount, t.posted_day AS day, t.currency,
       t.vendor_key AS name, t.card_last4 AS card, hash(t.row_key) AS tie,
       nullif(upper(regexp_replace(coalesce(t.reference, t.invoice_no), '[^A-Za-z0-9]', '', 'g')), '') AS mark,
       nullif(upper(regexp_replace(t.invoice_no, '[^A-Za-z0-9]', '', 'g')), '') AS invoice,
       t.linked_id, t.category, t.account, t.due_day
FROM txn t
WHERE t.source = $source AND t.scope IN (SELECT unnest($scopes)) AND t.amount_minor <> 0
  AND t.posted_day IS NOT NULL AND {condition}
