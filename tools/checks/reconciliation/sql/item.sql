-- item: both sides of a pair, as narrow as can be: 0 left, 1 right; amounts turned to the left side's sign
CREATE OR REPLACE TEMP TABLE item AS
WITH sided AS (
    SELECT CASE WHEN t.source = $left AND {left} THEN 0 WHEN t.source = $right AND {right} THEN 1 END AS side, t.*,
           coalesce({means}, t.vendor_key) AS party
    FROM posting t {aliases}
    WHERE t.source IN ($left, $right) AND t.amount_minor <> 0 AND t.posted_day IS NOT NULL
)
SELECT CAST(s.id AS INTEGER) AS id, CAST(s.side AS UTINYINT) AS side,
       CASE WHEN s.side = 1 THEN $sign * s.amount_minor ELSE s.amount_minor END AS amount,
       CAST(s.posted_day AS INTEGER) AS day,
       CAST(coalesce(c.business_day_number, s.posted_day * 5 // 7) AS INTEGER) AS work,
       CAST(coalesce(list_position($currencies, s.currency), 0) AS UTINYINT) AS currency,
       CASE WHEN s.party IS NOT NULL THEN hash(s.party) END AS name,
       CASE WHEN coalesce(s.reference, s.invoice_no) IS NOT NULL THEN hash(coalesce(s.reference, s.invoice_no)) END
           AS mark,
       CASE WHEN s.invoice_no IS NOT NULL THEN hash(s.invoice_no) END AS invoice
FROM sided s
LEFT JOIN calendar c ON c.day_number = s.posted_day
WHERE s.side IS NOT NULL
