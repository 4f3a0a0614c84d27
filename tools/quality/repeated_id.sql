-- repeated_id: the same row read more than once: same id, same content
-- purpose: one transaction that stands in its source twice is counted twice; every copy after the first is
--   named, with the first as its partner
-- needs: txn_id
-- params: score = 95
-- scores: $score (95): a copy that agrees in every value is no coincidence
-- source: ISA 500, A31 (accuracy and completeness of information produced by the entity); ACL and IDEA,
--   "Duplicates" command on the key field
WITH repeated AS (
    SELECT source, txn_id, content_hash, min(row_key) AS first_key, count(*) AS copies
    FROM txn
    WHERE txn_id IS NOT NULL
    GROUP BY source, txn_id, content_hash
    HAVING count(*) > 1
)
SELECT t.row_key, $score AS score, r.copies || ' rows with id ' || t.txn_id AS observed,
       'one row for each id' AS threshold, 'source ' || t.source AS population, r.first_key AS partner_key,
       'txn_id' AS field
FROM txn t
JOIN repeated r ON r.source = t.source AND r.txn_id = t.txn_id AND r.content_hash = t.content_hash
WHERE t.row_key <> r.first_key
