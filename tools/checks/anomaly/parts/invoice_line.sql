-- invoice_line: postings that are lines of one invoice: of one vendor, number and day, booked to several accounts, or
--   one behind the other in a book that is kept by lines
-- purpose: equal lines of one invoice are no second payment of it. A book is kept by lines where $share of the invoices
--   that it has several times on one day differ in amount or account
-- params: share = 0.34, spread = 2
-- source: Nigrini, Forensic Analytics (2011), ch. 12 (subset duplicates); the documents of one entry are numbered in
--   one go: from first to last they take at most $spread numbers for each line
-- with: repeated_posting
WITH numbered AS (
    SELECT row_key, source, party, invoice_no, posted_day, amount_minor, account, document_series AS series,
           CASE WHEN length(document) - length(document_series) BETWEEN 1 AND 15
                THEN CAST(substr(document, length(document_series) + 1) AS BIGINT) END AS number
    FROM repeated_posting
    WHERE invoice_no IS NOT NULL
), day_of AS (
    SELECT DISTINCT source, party, invoice_no, posted_day FROM numbered
), entry AS (
    SELECT d.source, d.party, d.invoice_no, d.posted_day, count(*) AS lines, count(DISTINCT t.account) AS accounts
    FROM day_of d
    JOIN party p ON p.party = d.party
    JOIN txn t ON t.source = d.source AND t.kind = p.kind AND t.currency = p.currency AND t.invoice_no = d.invoice_no
        AND t.posted_day = d.posted_day AND coalesce(t.vendor_id, t.vendor_key, '') = p.vendor
    WHERE t.amount_minor > 0
    GROUP BY d.source, d.party, d.invoice_no, d.posted_day
    HAVING count(*) > 1
), several AS (
    SELECT t.source, count(DISTINCT t.amount_minor) AS amounts, count(DISTINCT t.account) AS accounts
    FROM txn t
    JOIN (SELECT DISTINCT source FROM entry) e ON e.source = t.source
    WHERE t.amount_minor > 0 AND t.invoice_no IS NOT NULL
    GROUP BY t.source, coalesce(t.vendor_id, t.vendor_key, ''), t.invoice_no, t.posted_day
    HAVING count(*) > 1
), habit AS (
    SELECT source, avg(CASE WHEN amounts > 1 OR accounts > 1 THEN 1.0 ELSE 0.0 END) AS in_lines
    FROM several
    GROUP BY source
), numbers AS (
    SELECT source, party, invoice_no, posted_day, min(series) AS first_series, max(series) AS last_series,
           min(number) AS first_number, max(number) AS last_number
    FROM numbered
    GROUP BY source, party, invoice_no, posted_day
)
SELECT n.row_key,
       row_number() OVER (
           PARTITION BY n.source, n.party, n.invoice_no, n.amount_minor, n.posted_day
           ORDER BY n.account, n.number, n.row_key
       ) AS place
FROM numbered n
JOIN entry e ON e.source = n.source AND e.party = n.party AND e.invoice_no = n.invoice_no
    AND e.posted_day = n.posted_day
JOIN habit h ON h.source = n.source
JOIN numbers m ON m.source = n.source AND m.party = n.party AND m.invoice_no = n.invoice_no
    AND m.posted_day = n.posted_day
WHERE e.accounts = e.lines
   OR (h.in_lines >= $share
       AND (e.accounts > 1 OR (m.first_series = m.last_series
            AND m.last_number - m.first_number < $spread * e.lines)))
