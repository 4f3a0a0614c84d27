-- placeholder_number: words and figures that stand where an invoice number belongs, at vendors that share no numbers
-- purpose: a number that many vendors bear, far more than bear others of its length, is a form's default and nobody's
--   invoice ("B00001 000"); short numbers that many vendors count through are numbers
-- params: least = 4, times = 4
-- source: a number is one where at least $least vendors bear it, $times as many as bear the other repeated numbers of its
--   length on average; Nigrini, Forensic Analytics (2011), ch. 12 (same-same-different test)
-- with: invoice_again
WITH borne AS (
    SELECT t.kind, t.currency, t.invoice_no, count(DISTINCT coalesce(t.vendor_id, t.vendor_key)) AS vendors
    FROM txn t
    JOIN (SELECT DISTINCT kind, currency, invoice_no FROM invoice_again) a
      ON a.kind = t.kind AND a.currency = t.currency AND a.invoice_no = t.invoice_no
    GROUP BY t.kind, t.currency, t.invoice_no
), compared AS (
    SELECT kind, currency, invoice_no, vendors,
           CAST(sum(vendors) OVER alike - vendors AS DOUBLE) / greatest(count(*) OVER alike - 1, 1) AS usual
    FROM borne
    WINDOW alike AS (PARTITION BY kind, currency, length(invoice_no))
)
SELECT kind, currency, invoice_no
FROM compared
WHERE vendors >= $least AND vendors >= $times * usual
