-- outflow_text: what a bank or a ledger writes of each line, and the payee that is left of it without the bank's own words
-- purpose: one payee is paid by transfer, by cheque and by card, and a bank writes its word for each before or behind
--   the name: words that begin, or end, the texts of a tenth of all payees are the bank's, in whatever language. Figures,
--   days and marks are left out; where nothing of three letters would be left, the text stays.
--   Whom the ledger names is the payee
-- params: learn_least = 12, learn_share = 0.1
-- source: Christen, Data Matching (2012), ch. 3 (stop words of a corpus by their document frequency)
-- with: book_payee
WITH line AS (
    SELECT t.row_key, t.source, coalesce(t.vendor_id, t.vendor_key) AS vendor, k.vendor AS book_vendor,
           trim(regexp_replace(regexp_replace(
               upper(t.description), '[^ ]*[0-9]{3,}[^ ]*', ' ', 'g'), '[-0-9/.#_:*,&() ]+', ' ', 'g')) AS words
    FROM txn t
    LEFT JOIN book_payee k ON k.row_key = t.row_key
    WHERE t.kind IN ('bank', 'ledger') AND t.posted_day IS NOT NULL AND t.amount_minor <> 0
        AND NOT EXISTS (SELECT 1 FROM txn p WHERE p.kind = 'payment')
        AND (t.kind = 'bank' OR NOT EXISTS (SELECT 1 FROM txn b WHERE b.kind = 'bank'))
        AND coalesce(lower(t.status), '') NOT IN ('void', 'voided', 'reversed', 'canceled', 'cancelled')
), heard AS (
    SELECT source, words, first_one, first_one || ' ' || regexp_replace(substr(words, length(first_one) + 2), ' .*$', '') AS first_two
    FROM (SELECT DISTINCT source, words, regexp_replace(words, ' .*$', '') AS first_one
          FROM line WHERE vendor IS NULL AND words LIKE '% %') texts
), plenty AS (
    SELECT source, greatest($learn_least, $learn_share * count(*)) AS least FROM heard GROUP BY source
), before_one AS (
    SELECT h.source, h.first_one FROM heard h JOIN plenty p ON p.source = h.source
    GROUP BY h.source, h.first_one, p.least HAVING count(*) >= p.least
), before_two AS (
    SELECT h.source, h.first_two FROM heard h JOIN plenty p ON p.source = h.source
    WHERE h.first_two <> h.words
    GROUP BY h.source, h.first_two, p.least HAVING count(*) >= p.least
), led AS (
    SELECT h.source, h.words,
           CASE WHEN w.first_two IS NOT NULL THEN substr(h.words, length(h.first_two) + 2)
                WHEN o.first_one IS NOT NULL THEN substr(h.words, length(h.first_one) + 2)
                ELSE h.words END AS rest
    FROM heard h
    LEFT JOIN before_one o ON o.source = h.source AND o.first_one = h.first_one
    LEFT JOIN before_two w ON w.source = h.source AND w.first_two = h.first_two
), ended AS (
    SELECT source, words, rest, regexp_replace(rest, '^.* ', '') AS last_one FROM led
), behind AS (
    SELECT e.source, e.last_one FROM ended e JOIN plenty p ON p.source = e.source
    WHERE e.rest LIKE '% %'
    GROUP BY e.source, e.last_one, p.least HAVING count(DISTINCT e.rest) >= p.least
), named AS (
    SELECT e.source, e.words,
           CASE WHEN b.last_one IS NOT NULL AND e.rest LIKE '% %'
                THEN substr(e.rest, 1, length(e.rest) - length(e.last_one) - 1) ELSE e.rest END AS payee
    FROM ended e
    LEFT JOIN behind b ON b.source = e.source AND b.last_one = e.last_one
)
SELECT l.row_key, l.words,
       coalesce(l.vendor, l.book_vendor, CASE WHEN length(n.payee) > 2 THEN n.payee END, l.words) AS payee,
       CASE WHEN length(n.payee) > 2 THEN n.payee ELSE l.words END AS name
FROM line l
LEFT JOIN named n ON n.source = l.source AND n.words = l.words
