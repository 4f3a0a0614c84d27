-- altered_copy: a copy of another row with the amount changed
-- purpose: two rows that agree in everything but id and amount, where one amount has decimals that its currency
--   does not have: it was computed from the other, not charged
-- needs: posted_on, amount_minor
-- params: score = 85, within = 0.25
-- scores: $score (85) against the nearest row that did not have to be rounded, within $within (25%)
-- source: Nigrini, Forensic Analytics (2011), chapter 12 (same-same-different test)
WITH odd AS (
    SELECT row_key, scope, source, rest_hash, txn_id, amount_minor
    FROM txn
    WHERE rounded AND amount_minor <> 0
), pair AS (
    SELECT o.row_key, o.scope, o.source, t.row_key AS partner_key,
           CASE WHEN o.txn_id = t.txn_id THEN 1 ELSE 0 END AS same_id,
           CAST(abs(o.amount_minor - t.amount_minor) AS DOUBLE) / abs(t.amount_minor) AS share,
           row_number() OVER (
               PARTITION BY o.row_key
               ORDER BY CASE WHEN o.txn_id = t.txn_id THEN 0 ELSE 1 END,
                        abs(o.amount_minor - t.amount_minor), t.row_key
           ) AS place
    FROM txn t
    JOIN odd o ON o.source = t.source AND o.rest_hash = t.rest_hash
    WHERE NOT t.rounded AND t.amount_minor <> 0
)
SELECT row_key, scope, $score AS score,
       'too many decimals, and ' || CAST(CAST(100.0 * share + 0.000001 AS DECIMAL(18, 2)) AS VARCHAR)
       || '% from a row that is the same but for the amount' AS observed,
       'no such row within ' || CAST(CAST(floor(100 * $within + 0.5) AS INTEGER) AS VARCHAR) || '%' AS threshold, 'source ' || source AS population,
       partner_key, 'amount_minor' AS field
FROM pair
WHERE place = 1 AND same_id = 0 AND share <= $within
