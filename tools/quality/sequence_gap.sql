-- sequence_gap: numbers missing from a sequence of ids
-- purpose: where a source numbers its documents one after another, a missing number is a document that was
--   taken out or never handed over; the row after the gap is named
-- needs: txn_id
-- params: score = 40, fewest = 20, dense = 0.9
-- scores: $score (40): a hint. Only sequences (ids of one source with one prefix) of at least $fewest
--   (20) rows that hold $dense (90%) of their numbers
-- source: ISA 330, A47 (completeness); ACL and IDEA, "Gaps" command
WITH stem AS (
    SELECT source, txn_id, regexp_replace(txn_id, '[0-9]+$', '') AS prefix FROM txn WHERE txn_id IS NOT NULL
), numbered AS (
    SELECT source, prefix, CAST(substr(txn_id, length(prefix) + 1) AS BIGINT) AS number
    FROM stem
    WHERE length(txn_id) - length(prefix) BETWEEN 1 AND 15
), bucket AS (
    SELECT source, prefix, CAST(floor(number / 1000.0) AS BIGINT) AS bucket, count(*) AS n,
           min(number) AS low, max(number) AS high, sum(number) AS total
    FROM numbered
    GROUP BY source, prefix, CAST(floor(number / 1000.0) AS BIGINT)
), sequence AS (
    SELECT source, prefix
    FROM bucket
    GROUP BY source, prefix
    HAVING sum(n) >= $fewest AND sum(n) >= $dense * (max(high) - min(low) + 1)
), neighbour AS (
    SELECT b.*, lag(b.bucket) OVER upward AS previous, lag(b.high) OVER upward AS previous_high
    FROM bucket b
    JOIN sequence s ON s.source = b.source AND s.prefix = b.prefix
    WINDOW upward AS (PARTITION BY b.source, b.prefix ORDER BY b.bucket)
), gappy AS (
    SELECT source, prefix, bucket, previous
    FROM neighbour
    WHERE low <> previous_high + 1 OR n <> high - low + 1 OR 2 * total <> (low + high) * n
), looked_at AS (
    SELECT source, prefix, bucket, max(own) AS own
    FROM (
        SELECT source, prefix, bucket, 1 AS own FROM gappy
        UNION ALL
        SELECT source, prefix, previous, 0 FROM gappy WHERE previous IS NOT NULL
    ) both_
    GROUP BY source, prefix, bucket
), rooted AS (
    SELECT t.row_key, t.scope, t.source, t.txn_id, regexp_replace(t.txn_id, '[0-9]+$', '') AS prefix
    FROM txn t
    JOIN (SELECT DISTINCT source FROM looked_at) g ON g.source = t.source
    WHERE t.txn_id IS NOT NULL
), counted AS (
    SELECT row_key, scope, source, txn_id, prefix, CAST(substr(txn_id, length(prefix) + 1) AS BIGINT) AS number
    FROM rooted
    WHERE length(txn_id) - length(prefix) BETWEEN 1 AND 15
), stepped AS (
    SELECT t.row_key, t.scope, t.source, t.txn_id, t.number, l.own,
           lag(t.number) OVER upward AS before, lag(t.txn_id) OVER upward AS id_before,
           lag(t.row_key) OVER upward AS partner_key
    FROM counted t
    JOIN looked_at l ON l.source = t.source AND l.prefix = t.prefix
     AND l.bucket = CAST(floor(t.number / 1000.0) AS BIGINT)
    WINDOW upward AS (PARTITION BY t.source, t.prefix ORDER BY t.number, t.row_key)
)
SELECT row_key, scope, $score AS score,
       (number - before - 1) || ' missing between ' || id_before || ' and ' || txn_id AS observed,
       'no number missing' AS threshold, 'source ' || source AS population, partner_key, 'txn_id' AS field
FROM stepped
WHERE own = 1 AND number > before + 1
