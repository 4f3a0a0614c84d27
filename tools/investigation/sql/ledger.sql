-- Rows of the books that fit every parameter that is given.
WITH asked AS (
    SELECT CAST($kind AS VARCHAR) AS kind, CAST($vendor_key AS VARCHAR) AS vendor_key,
           lower(CAST($vendor AS VARCHAR)) AS vendor, lower(CAST($person AS VARCHAR)) AS person,
           lower(CAST($document AS VARCHAR)) AS document, CAST($currency AS VARCHAR) AS currency,
           CAST($amount_from AS BIGINT) AS amount_from, CAST($amount_to AS BIGINT) AS amount_to,
           CAST($from_day AS DATE) AS from_day, CAST($to_day AS DATE) AS to_day
)
SELECT t.*, count(*) OVER () AS of_all
FROM txn t, asked a
WHERE (a.kind IS NULL OR t.kind = a.kind)
  AND (a.vendor IS NULL OR t.vendor_key = a.vendor_key OR contains(lower(t.vendor_name), a.vendor))
  AND (a.person IS NULL OR a.person IN (lower(t.person_name), lower(t.person_id), lower(t.created_by),
                                        lower(t.approved_by)))
  AND (a.document IS NULL OR a.document IN (lower(t.txn_id), lower(t.invoice_no), lower(t.reference),
                                            lower(t.journal_id), lower(t.linked_id)))
  AND (a.currency IS NULL OR t.currency = a.currency)
  AND (a.amount_from IS NULL OR abs(t.amount_minor) >= a.amount_from)
  AND (a.amount_to IS NULL OR abs(t.amount_minor) <= a.amount_to)
  AND (a.from_day IS NULL OR t.posted_on >= a.from_day)
  AND (a.to_day IS NULL OR t.posted_on <= a.to_day)
ORDER BY CASE WHEN $largest THEN -abs(t.amount_minor) END, t.posted_on DESC, t.row_key
LIMIT $most
