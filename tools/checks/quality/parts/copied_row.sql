-- copied_row: rows of one source that agree in every value but their id
-- purpose: the only rows on which a posting, or a block of them, can stand twice
-- source: Nigrini, Forensic Analytics (2011), chapter 12 (same-same-same test)
WITH crowd AS (
    SELECT hash(content_hash) AS hash
    FROM txn
    WHERE content_hash IS NOT NULL
    GROUP BY hash(content_hash)
    HAVING count(*) > 1
), copy AS (
    SELECT t.row_key, t.scope, t.source, t.txn_id, t.vendor_key, t.amount_minor, t.posted_day, t.content_hash,
           coalesce(t.file, '') AS file, t.line, regexp_replace(t.txn_id, '[0-9]+$', '') AS series,
           count(*) OVER (PARTITION BY t.source, t.content_hash) AS copies
    FROM txn t
    JOIN crowd c ON c.hash = hash(t.content_hash)
    WHERE t.amount_minor <> 0 AND t.content_hash IS NOT NULL
)
SELECT row_key, scope, source, txn_id, vendor_key, amount_minor, posted_day, content_hash, file, line, copies, series,
       CASE WHEN length(txn_id) - length(series) BETWEEN 1 AND 15
            THEN CAST(substr(txn_id, length(series) + 1) AS BIGINT) END AS number
FROM copy
WHERE copies > 1
