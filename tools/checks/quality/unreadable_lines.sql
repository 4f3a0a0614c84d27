-- unreadable_lines: more unreadable lines in a source than slips explain
-- purpose: a line that is damaged here and there is a slip; a share of them is an export that went wrong, and what
--   they would have said is in no total
-- needs: rejected.reason
-- about: source
-- params: score = 80, most = 0.01, fewest = 3
-- scores: $score (80) where more than $most (1%) of a source's lines, and at least $fewest (3), could not be read
-- source: ISA 500, A31 (completeness and accuracy); ISA 330, A42 (tests of completeness)
WITH lost AS (
    SELECT source, count(*) AS n FROM rejected GROUP BY source
), read AS (
    SELECT source, sum(rows - coalesce(filtered, 0)) AS n FROM control_total GROUP BY source
)
SELECT 'source:' || l.source AS row_key, $score AS score,
       l.n || ' of ' || r.n || ' lines could not be read' AS observed,
       'up to ' || CAST(CAST(100 * $most AS DECIMAL(18, 1)) AS VARCHAR) || '%' AS threshold,
       'source ' || l.source AS population
FROM lost l
JOIN read r ON r.source = l.source
WHERE l.n >= $fewest AND l.n > $most * r.n
