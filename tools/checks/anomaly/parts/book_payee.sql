-- book_payee: whom the ledger says that a bank's line went to
-- purpose: a bank cuts names short and has several forms of each, or a cheque's number alone; the ledger beside it names
--   the vendor. A line that shares number and amount with ledger lines of one vendor is that vendor's; a text is a form of the
--   vendor's name where the lines that bear it meet, in amount and within $near_days days, ledger lines of that vendor
--   alone $forms times and more, and in $share of what they meet at all. Nobody asks where there is a payments register
-- params: near_days = 5, crowd = 12, forms = 2, share = 0.75
-- source: Christen, Data Matching (2012), ch. 3 and 7 (names from linked records)
WITH booked AS (
    SELECT currency, abs(amount_minor) AS size, posted_day, reference, coalesce(vendor_id, vendor_key) AS vendor
    FROM txn
    WHERE kind = 'ledger' AND coalesce(vendor_id, vendor_key) IS NOT NULL AND posted_day IS NOT NULL AND amount_minor <> 0
        AND NOT EXISTS (SELECT 1 FROM txn p WHERE p.kind = 'payment')
), line AS (
    SELECT t.row_key, t.source, t.currency, abs(t.amount_minor) AS size, t.posted_day, t.reference,
           trim(regexp_replace(regexp_replace(
               upper(t.description), '[^ ]*[0-9]{3,}[^ ]*', ' ', 'g'), '[-0-9/.#_:*,&() ]+', ' ', 'g')) AS words
    FROM txn t
    WHERE t.kind = 'bank' AND coalesce(t.vendor_id, t.vendor_key) IS NULL AND t.posted_day IS NOT NULL AND t.amount_minor < 0
        AND NOT EXISTS (SELECT 1 FROM txn p WHERE p.kind = 'payment')
), numbered AS (
    SELECT l.row_key, min(b.vendor) AS vendor
    FROM line l
    JOIN booked b ON b.reference = l.reference AND b.currency = l.currency AND b.size = l.size
    GROUP BY l.row_key
    HAVING count(DISTINCT b.vendor) = 1
), rare AS (
    SELECT currency, size FROM booked GROUP BY currency, size HAVING count(*) <= $crowd
), met AS (
    SELECT l.row_key, l.source, l.words, min(b.vendor) AS vendor
    FROM line l
    JOIN rare r ON r.currency = l.currency AND r.size = l.size
    JOIN booked b ON b.currency = l.currency AND b.size = l.size AND abs(b.posted_day - l.posted_day) <= $near_days
    GROUP BY l.row_key, l.source, l.words
    HAVING count(DISTINCT b.vendor) = 1
), form AS (
    SELECT source, words, vendor, n
    FROM (SELECT source, words, vendor, count(*) AS n, sum(count(*)) OVER (PARTITION BY source, words) AS whole
          FROM met WHERE length(words) > 2 GROUP BY source, words, vendor) counted
    WHERE n >= $forms AND n >= $share * whole
)
SELECT l.row_key, coalesce(n.vendor, f.vendor) AS vendor
FROM line l
LEFT JOIN numbered n ON n.row_key = l.row_key
LEFT JOIN form f ON f.source = l.source AND f.words = l.words
WHERE n.vendor IS NOT NULL OR f.vendor IS NOT NULL
