-- unreadable: a document and the row that one of them names, where either lacks its amount or its date
INSERT INTO claim
WITH whole AS (
    SELECT o.id, o.side, o.amount, t.txn_id, t.linked_id FROM open o JOIN posting t ON t.id = o.id
), part AS (
    SELECT t.id, CASE t.source WHEN $left THEN 0 ELSE 1 END AS side, t.amount_minor AS amount, t.txn_id, t.linked_id
    FROM posting t
    WHERE t.source IN ($left, $right) AND (t.amount_minor IS NULL OR t.posted_day IS NULL)
), pair AS (
    SELECT w.id, p.id AS partner_id, w.side, w.amount, coalesce(w.amount - p.amount, 0) AS difference
    FROM whole w JOIN part p ON p.side <> w.side AND p.linked_id = w.txn_id
    UNION
    SELECT w.id, p.id, w.side, w.amount, coalesce(w.amount - p.amount, 0)
    FROM whole w JOIN part p ON p.side <> w.side AND p.txn_id = w.linked_id
), named AS (
    SELECT *, row_number() OVER (PARTITION BY side, id ORDER BY abs(difference), partner_id) AS nth,
           row_number() OVER (PARTITION BY side, partner_id ORDER BY abs(difference), id) AS nth_other
    FROM pair
)
SELECT CASE side WHEN 0 THEN id ELSE partner_id END, CASE side WHEN 0 THEN partner_id ELSE id END, NULL, NULL, '1:1', 'linked', 0.9,
       amount, 0, NULL
FROM named
WHERE nth = 1 AND nth_other = 1 AND difference = 0
