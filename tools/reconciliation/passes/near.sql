-- near: for each open row what comes nearest on the other side, open or taken
-- by: 1 a document that names it, 2 a reference, 3 text and number, 4 the amount, 5 the vendor; what only names
--   and amounts bring near must be open still, or agree in amount
CREATE OR REPLACE TEMP TABLE near_{name} AS
WITH o AS (
    SELECT * FROM missing WHERE side = {side}
), few AS (
    SELECT i.currency, i.amount FROM item i SEMI JOIN o ON o.currency = i.currency AND o.amount = i.amount
    WHERE i.side = {other} GROUP BY ALL HAVING count(*) <= $crowd
), candidate AS (
    SELECT o.id, t.id AS other_id, 1 AS by FROM o JOIN posting t ON t.txn_id = o.linked_id AND t.source = $source
    WHERE $linked
    UNION ALL
    SELECT o.id, t.id, 1 FROM o JOIN posting t ON t.linked_id = o.txn_id AND t.source = $source
    WHERE $linked
    UNION ALL
    SELECT o.id, i.id, 2 FROM o JOIN item i ON i.side = {other} AND i.mark = hash(coalesce(o.reference, o.invoice_no))
    WHERE o.reference IS NOT NULL OR o.invoice_no IS NOT NULL
    UNION ALL
    SELECT o.id, i.id, 2 FROM o JOIN item i ON i.side = {other} AND i.invoice = hash(o.invoice_no)
    WHERE o.invoice_no IS NOT NULL AND $invoices
    UNION ALL
    SELECT o.id, w.id, 2 FROM o JOIN wide w ON w.side = {other} AND w.mark = o.mark
    UNION ALL
    SELECT k.{name}_id, k.{other_name}_id, 3 FROM kin k
    UNION ALL
    SELECT o.id, i.id, 4 FROM o SEMI JOIN few f USING (currency, amount)
    JOIN item i ON i.side = {other} AND i.currency = o.currency AND i.amount = o.amount
    UNION ALL
    SELECT o.id, f.id, 5
    FROM (SELECT id, currency, name, unnest([-1, 0, 1]) + CAST(floor(ln(abs(amount)) * 10) AS BIGINT) AS size
          FROM o WHERE name IS NOT NULL) o
    JOIN (SELECT id, currency, name, CAST(floor(ln(abs(amount)) * 10) AS BIGINT) AS size
          FROM open WHERE side = {other} AND name IS NOT NULL) f USING (currency, name, size)
), held AS (
    SELECT c.id, c.other_id, c.by, o.amount - i.amount AS gap, i.day - o.day AS days,
           100 * abs(CAST(o.amount - i.amount AS DOUBLE)) / abs(o.amount) + abs(i.day - o.day) AS far,
           i.name IS NOT NULL AND i.name = o.name AS same_name, i.name <> o.name AS other_name
    FROM candidate c JOIN o ON o.id = c.id JOIN item i ON i.side = {other} AND i.id = c.other_id
    LEFT JOIN open f ON f.side = {other} AND f.id = c.other_id
    WHERE i.currency = o.currency AND (c.by = 1 OR abs(i.day - o.day) <= $reach)
      AND (c.by <= 2 OR i.amount = o.amount OR f.id IS NOT NULL)
), best AS (
    SELECT h.*, rank() OVER (PARTITION BY h.id ORDER BY h.by, h.far) AS nth FROM held h
)
SELECT b.id, arg_min({{'other_id': b.other_id, 'by': b.by, 'gap': b.gap, 'days': b.days, 'same_name': b.same_name,
                      'other_name': b.other_name, 'row_key': t.row_key, 'amount': t.amount_minor}}, t.row_key) AS nearest
FROM best b JOIN posting t ON t.id = b.other_id
WHERE b.nth = 1
GROUP BY b.id
