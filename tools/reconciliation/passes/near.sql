-- near: for each open row what comes nearest on the other side, open or taken
-- by: 1 a document that names it, 2 a reference, 3 text and number, 4 the amount, 5 the vendor; what only names
--   and amounts bring near must be open still, or agree in amount
CREATE OR REPLACE TEMP TABLE near_{side} AS
WITH o AS (
    SELECT i.rowid AS id, i.* FROM item_{side} i SEMI JOIN open_{side} o ON o.id = i.rowid
    WHERE i.scope <> 'history' AND {condition}
), few AS (
    SELECT currency, amount FROM item_{other} GROUP BY ALL HAVING count(*) <= $crowd
), known AS (
    SELECT currency, name, CAST(floor(ln(abs(amount)) * 10) AS BIGINT) AS size FROM item_{other}
    WHERE name IS NOT NULL AND amount <> 0 GROUP BY ALL HAVING count(*) <= $crowd
), candidate AS (
    SELECT o.id, i.rowid AS other_id, 1 AS by FROM o JOIN item_{other} i ON i.txn_id = o.linked_id
    UNION ALL
    SELECT o.id, i.rowid, 1 FROM o JOIN item_{other} i ON i.linked_id = o.txn_id
    UNION ALL
    SELECT o.id, i.rowid, 2 FROM o JOIN item_{other} i ON i.mark = o.mark
    UNION ALL
    SELECT o.id, i.rowid, 2 FROM o JOIN item_{other} i ON i.invoice = o.invoice
    UNION ALL
    SELECT o.id, k.{other}_id, 3 FROM o JOIN kin k ON k.{side}_id = o.id
    UNION ALL
    SELECT o.id, i.rowid, 4 FROM o SEMI JOIN few f ON f.currency = o.currency AND f.amount = o.amount
    JOIN item_{other} i ON i.currency = o.currency AND i.amount = o.amount
    UNION ALL
    SELECT o.id, i.rowid, 5
    FROM (SELECT id, currency, name, unnest([-1, 0, 1]) + CAST(floor(ln(abs(amount)) * 10) AS BIGINT) AS size
          FROM o WHERE name IS NOT NULL AND amount <> 0) o
    SEMI JOIN known n ON n.currency = o.currency AND n.name = o.name AND n.size = o.size
    JOIN item_{other} i ON i.currency = o.currency AND i.name = o.name AND i.amount <> 0
     AND CAST(floor(ln(abs(i.amount)) * 10) AS BIGINT) = o.size
), held AS (
    SELECT c.id, c.other_id, c.by, o.amount - i.amount AS gap, i.day - o.day AS days, i.tie,
           100 * abs(CAST(o.amount - i.amount AS DOUBLE)) / abs(o.amount) + abs(i.day - o.day) AS far,
           i.name IS NOT NULL AND i.name = o.name AS same_name, i.name <> o.name AS other_name
    FROM candidate c JOIN o ON o.id = c.id JOIN item_{other} i ON i.rowid = c.other_id
    LEFT JOIN open_{other} f ON f.id = c.other_id
    WHERE i.currency = o.currency AND (c.by = 1 OR abs(i.day - o.day) <= $reach)
      AND (c.by <= 2 OR i.amount = o.amount OR f.id IS NOT NULL)
)
SELECT h.id, arg_min({{'other_id': h.other_id, 'by': h.by, 'gap': h.gap, 'days': h.days,
                      'same_name': h.same_name, 'other_name': h.other_name}},
                     (h.by, h.far, h.tie)) AS nearest
FROM held h
GROUP BY h.id
