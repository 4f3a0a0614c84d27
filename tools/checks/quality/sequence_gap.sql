-- sequence_gap: numbers missing from a sequence of ids
-- purpose: where a source numbers its documents one after another, a missing number is a document that was
--   taken out or never handed over; the row after the gap is named
-- needs: txn_id
-- params: score = 40, fewest = 20, dense = 0.9
-- scores: $score (40): a hint. Only sequences (ids of one source with one prefix) of at least $fewest
--   (20) rows that hold $dense (90%) of their numbers
-- source: ISA 330, A47 (completeness); ACL and IDEA, "Gaps" command
-- with: id_run, run_place
WITH run AS (
    SELECT source, prefix, run, sum(n) AS n, min(low) AS low, max(high) AS high, bit_or(places) AS places
    FROM id_run
    WHERE prefix IS NOT NULL
    GROUP BY source, prefix, run
), sequence AS (
    SELECT source, prefix
    FROM run
    GROUP BY source, prefix
    HAVING sum(n) >= $fewest AND sum(n) >= $dense * (max(high) - min(low) + 1)
), neighbour AS (
    SELECT r.source, r.prefix, r.run, r.low, CAST(r.places AS BIGINT) AS places, lag(r.high) OVER upward AS previous_high
    FROM run r
    JOIN sequence s ON s.source = r.source AND s.prefix = r.prefix
    WINDOW upward AS (PARTITION BY r.source, r.prefix ORDER BY r.run)
), stepped AS (
    SELECT n.source, n.prefix, 31 * n.run + p.place AS number,
           CASE WHEN n.places % p.bit = 0 THEN n.previous_high
                ELSE 31 * n.run + CAST(floor(ln(CAST(n.places % p.bit AS DOUBLE)) / ln(2.0) + 0.0000000001) AS BIGINT)
                END AS before
    FROM neighbour n
    JOIN run_place p ON (n.places & p.bit) <> 0
    WHERE n.places < 2147483647 OR n.low > n.previous_high + 1
), gap AS (
    SELECT source, prefix, before, number FROM stepped WHERE number > before + 1
), edge AS (
    SELECT source, prefix, number AS gap, number, 1 AS is_after FROM gap
    UNION ALL
    SELECT source, prefix, number, before, 0 FROM gap
), written AS (
    SELECT e.source, e.prefix, e.gap, e.is_after,
           e.prefix || lpad(CAST(e.number AS VARCHAR), CAST(r.letters - length(e.prefix) AS INTEGER), '0') AS txn_id
    FROM edge e
    JOIN id_run r ON r.source = e.source AND r.prefix = e.prefix AND r.run = CAST(floor(e.number / CAST(31 AS DOUBLE)) AS BIGINT)
    JOIN run_place p ON p.place = e.number % 31 AND (r.places & p.bit) <> 0
), placed AS (
    SELECT t.row_key, t.scope, t.txn_id, w.source, w.prefix, w.gap, w.is_after,
           row_number() OVER (PARTITION BY w.source, w.prefix, w.gap, w.is_after ORDER BY t.row_key) AS nth,
           count(*) OVER (PARTITION BY w.source, w.prefix, w.gap, w.is_after) AS n
    FROM written w
    JOIN txn t ON t.source = w.source AND t.txn_id = w.txn_id
)
SELECT a.row_key, a.scope, $score AS score,
       (g.number - g.before - 1) || ' missing between ' || b.txn_id || ' and ' || a.txn_id AS observed,
       'no number missing' AS threshold, 'source ' || g.source AS population, b.row_key AS partner_key, 'txn_id' AS field
FROM gap g
JOIN placed a ON a.source = g.source AND a.prefix = g.prefix AND a.gap = g.number AND a.is_after = 1 AND a.nth = 1
JOIN placed b ON b.source = g.source AND b.prefix = g.prefix AND b.gap = g.number AND b.is_after = 0 AND b.nth = b.n
