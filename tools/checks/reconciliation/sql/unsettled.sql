-- unsettled: rows of one kind without which their statement ties to the cent: of vendors that no statement that
--   ties has; of one vendor, person, account, card or category; or the last ones entered. Taken only where chance
--   would not make such a sum: a thousand sums are possible for each one tried
CREATE OR REPLACE TEMP TABLE unsettled AS
WITH familiar AS (
    SELECT DISTINCT name FROM charged WHERE gap = 0 AND name IS NOT NULL
), over AS (
    SELECT c.nth, c.right_id, c.id, c.amount, c.gap, count(*) OVER statement AS rows,
           sum(abs(c.amount)) OVER statement
               // CASE WHEN bool_and(c.amount % 100 = 0) OVER statement THEN 100 ELSE 1 END AS room,
           c.name IS NOT NULL AND k.name IS NULL AND (SELECT count(*) FROM familiar) > 0 AS strange,
           t.vendor_name, t.person_id, t.account, t.card_last4, t.category,
           sum(c.amount) OVER (statement ORDER BY t.file DESC, t.line DESC, c.id DESC) AS since,
           row_number() OVER (statement ORDER BY t.file DESC, t.line DESC, c.id DESC) AS from_last
    FROM charged c
    JOIN posting t ON t.id = c.id
    LEFT JOIN familiar k ON k.name = c.name
    WHERE c.gap <> 0 AND sign(c.gap) = sign(c.paid)
    WINDOW statement AS (PARTITION BY c.nth)
), marked AS (
    SELECT nth, id, amount, gap, rows, room, 1 AS kind, '' AS value FROM over WHERE strange
    UNION ALL
    SELECT nth, id, amount, gap, rows, room, 2, vendor_name FROM over WHERE vendor_name IS NOT NULL
    UNION ALL
    SELECT nth, id, amount, gap, rows, room, 3, person_id FROM over WHERE person_id IS NOT NULL
    UNION ALL
    SELECT nth, id, amount, gap, rows, room, 4, account FROM over WHERE account IS NOT NULL
    UNION ALL
    SELECT nth, id, amount, gap, rows, room, 5, card_last4 FROM over WHERE card_last4 IS NOT NULL
    UNION ALL
    SELECT nth, id, amount, gap, rows, room, 6, category FROM over WHERE category IS NOT NULL
), grouped AS (
    SELECT nth, kind, value, count(*) AS n, sum(amount) = min(gap) AS makes_it, min(rows) AS rows, min(room) AS room,
           count(*) OVER (PARTITION BY nth) AS tried
    FROM marked
    GROUP BY nth, kind, value
), hit AS (
    SELECT nth, kind, value, n FROM grouped
    WHERE makes_it AND n < rows AND (kind = 1 OR n > 1) AND room >= 1000 * (tried + rows)
    UNION ALL
    SELECT nth, 7, '', from_last FROM over
    WHERE since = gap AND from_last > 1 AND from_last < rows
        AND room >= 1000 * (rows + (SELECT coalesce(max(g.tried), 0) FROM grouped g WHERE g.nth = over.nth))
), counted AS (
    SELECT * FROM hit QUALIFY row_number() OVER (PARTITION BY nth ORDER BY kind, n, value) = 1
)
SELECT o.id, o.nth, o.right_id, t.n,
       CASE t.kind WHEN 1 THEN 'whose vendors are in no statement that ties' WHEN 2 THEN 'of vendor ' || t.value
           WHEN 3 THEN 'of person ' || t.value WHEN 4 THEN 'of account ' || t.value
           WHEN 5 THEN 'of the card ending in ' || t.value WHEN 6 THEN 'of category ' || t.value
           ELSE 'entered last' END AS which
FROM counted t
JOIN over o ON o.nth = t.nth
    AND CASE t.kind WHEN 1 THEN o.strange WHEN 2 THEN o.vendor_name = t.value WHEN 3 THEN o.person_id = t.value
        WHEN 4 THEN o.account = t.value WHEN 5 THEN o.card_last4 = t.value WHEN 6 THEN o.category = t.value
        ELSE o.from_last <= t.n END
