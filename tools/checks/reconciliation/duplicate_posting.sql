-- duplicate_posting: one event entered twice
-- purpose: two rows of one reference, party and amount where the other book has one; two journals of the ledger
--   that say the same, with nothing that takes either back, as a transfer that came back and was sent again has
-- needs: pair.entries
-- params: score = 75, days = 45
-- scores: $score (75): reference, party and amount agree
-- source: ISA 240, A45 (journal entries); IDEA and ACL manuals, "Duplicate key"
WITH posting AS (
    SELECT t.row_key, t.source, t.account, t.reference, t.vendor_key, t.amount_minor, t.currency, t.journal_id,
           t.posted_day
    FROM txn t
    WHERE t.kind = 'ledger' AND t.reference IS NOT NULL AND t.journal_id IS NOT NULL AND t.amount_minor <> 0
), undone AS (
    SELECT source, account, reference, abs(amount_minor) AS size, sum(amount_minor) AS net,
           max(abs(amount_minor)) AS largest
    FROM posting GROUP BY source, account, reference, abs(amount_minor)
), twin AS (
    SELECT b.row_key, min(a.row_key) AS first_key, min(a.journal_id) AS first_journal
    FROM posting a
    JOIN posting b ON b.source = a.source AND b.account = a.account AND b.reference = a.reference
     AND b.amount_minor = a.amount_minor AND b.currency = a.currency AND b.journal_id <> a.journal_id
     AND coalesce(b.vendor_key, '') = coalesce(a.vendor_key, '')
     AND (b.posted_day > a.posted_day OR (b.posted_day = a.posted_day AND b.journal_id > a.journal_id))
     AND b.posted_day - a.posted_day <= $days
    JOIN undone u ON u.source = a.source AND u.account = a.account AND u.reference = a.reference
     AND u.size = abs(a.amount_minor) AND abs(u.net) > u.largest
    GROUP BY b.row_key
), returned AS (
    SELECT DISTINCT t.row_key
    FROM "break" b
    JOIN txn t ON t.row_key = b.row_key
    JOIN txn o ON o.source = t.source AND o.currency = t.currency AND o.amount_minor = -t.amount_minor
        AND coalesce(o.vendor_key, '') = coalesce(t.vendor_key, '') AND abs(o.posted_day - t.posted_day) <= $days
    WHERE b.reason = 'duplicate' AND t.kind = 'bank'
)
SELECT w.row_key, $score AS score, 'the same as journal ' || w.first_journal AS observed,
       'one entry for each event' AS threshold, 'journals of one account and reference' AS population,
       w.first_key AS partner_key
FROM twin w
UNION ALL
SELECT b.row_key, $score, b.why_not, 'one entry for each event', coalesce(c.population, b.pair), b.nearest_key
FROM "break" b
LEFT JOIN compared c ON c.pair = b.pair AND c.side = b.side
LEFT JOIN twin w ON w.row_key = b.row_key
LEFT JOIN returned r ON r.row_key = b.row_key
WHERE b.reason = 'duplicate' AND w.row_key IS NULL AND r.row_key IS NULL
