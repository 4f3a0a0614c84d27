-- near: for each open row of one side what comes nearest on the other side, open or taken; several, if as near
-- by: 1 a document that names it, 2 a reference, 3 text and number, 4 the amount, 5 the vendor; what only names
--   and amounts bring near must be open still, or agree in amount
CREATE OR REPLACE TEMP TABLE near_{name} AS
WITH o AS (
    SELECT * FROM missing WHERE side = {side}
), peer AS MATERIALIZED (
    SELECT i.id, i.currency, i.amount, i.day, i.name
    FROM item i SEMI JOIN o ON o.currency = i.currency AND o.amount = i.amount
    WHERE i.side = {opposite}
), few AS (
    SELECT currency, amount FROM peer GROUP BY ALL HAVING count(*) <= $crowd
), closest AS (
    SELECT o.id, o.currency, o.amount, o.day, min(abs(p.day - o.day)) AS days
    FROM o SEMI JOIN few f USING (currency, amount)
    JOIN peer p ON p.currency = o.currency AND p.amount = o.amount AND abs(p.day - o.day) <= $reach
    GROUP BY ALL
), named AS (
    SELECT o.id, t.id AS other_id, 1 AS by FROM o JOIN posting t ON t.txn_id = o.linked_id AND t.source = $source
    WHERE $linked
    UNION ALL
    SELECT o.id, t.id, 1 FROM o JOIN posting t ON t.linked_id = o.txn_id AND t.source = $source
    WHERE $linked
    UNION ALL
    SELECT o.id, i.id, 2 FROM o JOIN item i ON i.side = {opposite} AND i.mark = hash(coalesce(o.reference, o.invoice_no))
    WHERE o.reference IS NOT NULL OR o.invoice_no IS NOT NULL
    UNION ALL
    SELECT o.id, i.id, 2 FROM o JOIN item i ON i.side = {opposite} AND i.invoice = hash(o.invoice_no)
    WHERE o.invoice_no IS NOT NULL AND $invoices
    UNION ALL
    SELECT o.id, w.id, 2 FROM o JOIN wide w ON w.side = {opposite} AND w.mark = o.mark
    UNION ALL
    SELECT k.{name}_id, k.{opposite_name}_id, 3 FROM kin k
), candidate AS (
    SELECT n.id, n.other_id, n.by, i.amount, i.day, i.name
    FROM named n JOIN o ON o.id = n.id
    JOIN item i ON i.side = {opposite} AND i.id = n.other_id AND i.currency = o.currency
    LEFT JOIN open f ON f.side = {opposite} AND f.id = n.other_id
    WHERE (n.by = 1 OR abs(i.day - o.day) <= $reach) AND (n.by <= 2 OR i.amount = o.amount OR f.id IS NOT NULL)
    UNION ALL
    SELECT c.id, p.id, 4, p.amount, p.day, p.name
    FROM (SELECT id, currency, amount, day + unnest(CASE WHEN days = 0 THEN [0] ELSE [-days, days] END) AS day
          FROM closest) c
    JOIN peer p USING (currency, amount, day)
    UNION ALL
    SELECT o.id, f.id, 5, f.amount, f.day, f.name
    FROM (SELECT id, currency, name, day, unnest([-1, 0, 1]) + CAST(floor(ln(abs(amount)) * 10) AS BIGINT) AS size
          FROM o WHERE name IS NOT NULL) o
    JOIN (SELECT id, currency, name, amount, day, CAST(floor(ln(abs(amount)) * 10) AS BIGINT) AS size
          FROM open WHERE side = {opposite} AND name IS NOT NULL) f USING (currency, name, size)
    WHERE abs(f.day - o.day) <= $reach
), measured AS (
    SELECT c.id, c.other_id, c.by, o.amount - c.amount AS gap, c.day - o.day AS days,
           100 * abs(CAST(o.amount - c.amount AS DOUBLE)) / abs(o.amount) + abs(c.day - o.day) AS far,
           c.name IS NOT NULL AND c.name = o.name AS same_name, c.name <> o.name AS other_name
    FROM candidate c JOIN o ON o.id = c.id
)
SELECT b.* EXCLUDE (nth)
FROM (SELECT h.*, rank() OVER (PARTITION BY h.id ORDER BY h.by, h.far) AS nth FROM measured h) b
WHERE b.nth = 1
