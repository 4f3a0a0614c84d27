-- duplicate_payment: the same invoice paid, or entered, twice
-- purpose: money that left, or would leave, twice: same vendor, invoice number and amount; net of reversals, of
--   parts paid on one invoice, of equal lines of one invoice, and of what recurs under one number: a number that two
--   postings bear, at most $apart days apart, is an invoice's, however regularly its vendor is paid
-- needs: amount_minor, posted_on, invoice_no
-- kinds: card, invoice, payment
-- params: score = 95, apart = 200
-- scores: $score (95): three values that agree are no coincidence
-- history: 400
-- source: Nigrini, Forensic Analytics (2011), ch. 12 (same-same-same); ACFE, Fraud Examiners Manual (billing
--   schemes); IDEA and ACL, payables tests
-- with: invoice_line
WITH twice AS (
    SELECT party, kind, currency, vendor, amount_minor, invoice_no, count(*) AS n
    FROM repeated_posting
    WHERE invoice_no IS NOT NULL
    GROUP BY party, kind, currency, vendor, amount_minor, invoice_no
    HAVING count(*) > 1
), stepped AS (
    SELECT s.row_key, s.scope, s.kind, s.currency, s.vendor, s.amount_minor, s.invoice_no, s.returned, s.usual_days, w.n,
           s.posted_day, lag(s.row_key) OVER one_line AS before_key,
           s.posted_day - lag(s.posted_day) OVER one_line AS gap
    FROM repeated_posting s
    JOIN twice w ON w.party = s.party AND w.amount_minor = s.amount_minor AND w.invoice_no = s.invoice_no
    LEFT JOIN invoice_line l ON l.row_key = s.row_key
    WINDOW one_line AS (
        PARTITION BY s.party, s.amount_minor, s.invoice_no, coalesce(l.place, 1)
        ORDER BY s.posted_day, s.txn_id, s.row_key
    )
), again AS (
    SELECT *, row_number() OVER (
               PARTITION BY kind, currency, vendor, amount_minor, invoice_no ORDER BY posted_day, gap, row_key
           ) AS nth
    FROM stepped
    WHERE before_key IS NOT NULL
), billed AS (
    SELECT w.currency, w.vendor, w.invoice_no, sum(i.amount_minor) AS total
    FROM (SELECT DISTINCT currency, vendor, invoice_no FROM twice WHERE kind = 'payment') w
    JOIN txn i ON i.kind = 'invoice' AND i.currency = w.currency AND i.invoice_no = w.invoice_no
        AND coalesce(i.vendor_id, i.vendor_key) = w.vendor
    GROUP BY w.currency, w.vendor, w.invoice_no
), borne AS (
    SELECT s.kind, s.currency, s.vendor, s.invoice_no, count(*) AS n
    FROM (SELECT DISTINCT kind, currency, vendor, invoice_no FROM again WHERE gap >= usual_days) s
    JOIN txn t ON t.kind = s.kind AND t.currency = s.currency AND t.invoice_no = s.invoice_no
        AND coalesce(t.vendor_id, t.vendor_key) = s.vendor
    GROUP BY s.kind, s.currency, s.vendor, s.invoice_no
)
SELECT CASE WHEN s.scope = 'window' THEN s.row_key ELSE s.before_key END AS row_key, $score AS score,
       'same vendor, invoice number and amount, ' || CAST(s.gap AS VARCHAR) || ' days apart' AS observed,
       'once' AS threshold, CAST(s.n AS VARCHAR) || ' of number ' || s.invoice_no AS population,
       CASE WHEN s.scope = 'window' THEN s.before_key ELSE s.row_key END AS partner_key
FROM again s
LEFT JOIN billed b ON s.kind = 'payment' AND b.currency = s.currency AND b.vendor = s.vendor
    AND b.invoice_no = s.invoice_no
LEFT JOIN borne o ON o.kind = s.kind AND o.currency = s.currency AND o.vendor = s.vendor
    AND o.invoice_no = s.invoice_no
WHERE s.nth > s.returned AND (s.gap < s.usual_days OR (o.n = 2 AND s.gap <= $apart AND translate(s.invoice_no, '0123456789', '') <> s.invoice_no)) AND coalesce(b.total, 0) < s.n * s.amount_minor
