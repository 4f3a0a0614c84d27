-- repeated_id: one id stands for more than one row of its source
-- purpose: a transaction that is read twice is counted twice; and where the content differs, the source restated
--   it or numbers two transactions alike. Every row after the first says what differs
-- needs: txn_id
-- params: score = 95, other_score = 85
-- scores: $score (95) where every value agrees; $other_score (85) where they differ
-- source: ISA 500, A31 (accuracy and completeness of information produced by the entity); ACL and IDEA,
--   "Duplicates" on the key field
-- with: id_run, run_place
WITH shared AS (
    SELECT r.source, r.prefix
               || lpad(CAST(31 * r.run + p.place AS VARCHAR), CAST(r.letters - length(r.prefix) AS INTEGER), '0') AS txn_id
    FROM id_run r
    JOIN run_place p ON (r.places & p.bit) <> 0
    WHERE r.total <> r.places
    UNION
    SELECT t.source, t.txn_id
    FROM txn t
    JOIN (SELECT DISTINCT source FROM id_run WHERE prefix IS NULL AND n > 1) u ON u.source = t.source
    WHERE right(t.txn_id, 1) < '0' OR right(t.txn_id, 1) > '9' OR length(t.txn_id) > 15
    GROUP BY t.source, t.txn_id
    HAVING count(*) > 1
), ranked AS (
    SELECT t.row_key, t.scope, t.source, t.txn_id, t.amount_minor, t.posted_day, t.vendor_key, t.content_hash,
           row_number() OVER (
               PARTITION BY t.source, t.txn_id
               ORDER BY CASE t.scope WHEN 'window' THEN 1 ELSE 0 END, CASE WHEN t.rounded THEN 1 ELSE 0 END,
                        t.posted_day, t.row_key
           ) AS place
    FROM txn t
    JOIN shared s ON s.source = t.source AND s.txn_id = t.txn_id
)
SELECT l.row_key, l.scope, CASE WHEN l.content_hash = f.content_hash THEN $score ELSE $other_score END AS score,
       'id ' || l.txn_id || ' again, ' || CASE
           WHEN l.content_hash = f.content_hash THEN 'same content'
           WHEN l.amount_minor <> f.amount_minor THEN 'another amount'
           WHEN l.posted_day <> f.posted_day THEN 'another date'
           WHEN l.vendor_key <> f.vendor_key THEN 'another party'
           ELSE 'other details' END AS observed,
       'one row for each id' AS threshold, 'source ' || l.source AS population,
       f.row_key AS partner_key, 'txn_id' AS field
FROM ranked l
JOIN ranked f ON f.source = l.source AND f.txn_id = l.txn_id AND f.place = 1
WHERE l.place > 1
