-- id_run: the ids of each source by the number at their end, in runs of 31: how many, from which to which, and each one
-- purpose: ids are read once for what comes twice and for what is missing: each number of a run is one bit of `held`;
--   `total`, the sum of the bits, is more where an id comes again
-- source: ACL and IDEA, "Duplicates" and "Gaps" on the key field. Ids with no number of up to 15 figures at their end
--   are counted with no prefix and no number
WITH stem AS (
    SELECT source, txn_id, length(txn_id) AS letters, rtrim(txn_id, '0123456789') AS prefix
    FROM txn
    WHERE txn_id IS NOT NULL
), numbered AS (
    SELECT source, letters, CASE WHEN letters - length(prefix) BETWEEN 1 AND 15 THEN prefix END AS prefix,
           CASE WHEN letters - length(prefix) BETWEEN 1 AND 15
                THEN CAST(substr(txn_id, length(prefix) + 1) AS BIGINT) END AS number
    FROM stem
)
SELECT source, prefix, letters, CAST(floor(number / CAST(31 AS DOUBLE)) AS BIGINT) AS run, count(*) AS n, min(number) AS low,
       max(number) AS high, sum(1 << CAST(number % 31 AS INTEGER)) AS total,
       bit_or(1 << CAST(number % 31 AS INTEGER)) AS places
FROM numbered
GROUP BY source, prefix, letters, CAST(floor(number / CAST(31 AS DOUBLE)) AS BIGINT)
