-- wrong_year: a date that is out of place by whole years
-- purpose: 8 July 2024 between documents of July 2025, 2052 for 2025: the slip moves the amount into another year's
--   accounts. Days before and after are as they should be, whole years later or earlier
-- needs: posted_on
-- params: score = 85, near = 45, in_order = 0.95, fewest = 30, numbered = 50000,
--   beyond = 300
-- scores: $score (85) where the middle ones of the three documents before and of the three after, in the order of the
--   file or (of sources of at most $numbered documents) of their numbers, lie within $near days of the date moved by the same whole years, and not of the date itself; or
--   the date is more than $beyond days after the day of the audit. Only orders of $fewest documents and more, of which
--   $in_order (95%) lie near the documents beside them
-- source: ISA 330, A47, and ISA 500, A31 (cut-off)
WITH document AS (
    SELECT source, journal_id AS document, posted_day, min(line) AS line, coalesce(min(file), '') AS file,
           min(coalesce(txn_id, journal_id)) AS number
    FROM txn
    WHERE posted_day IS NOT NULL AND kind = 'ledger' AND journal_id IS NOT NULL
    GROUP BY source, journal_id, posted_day
    UNION ALL
    SELECT source, row_key, posted_day, line, coalesce(file, ''), txn_id
    FROM txn
    WHERE posted_day IS NOT NULL AND (kind IN ('card', 'receipt', 'invoice', 'payment')
                                      OR (kind = 'ledger' AND journal_id IS NULL))
), size AS (
    SELECT source FROM document GROUP BY source HAVING count(*) <= $numbered
), placed AS (
    SELECT source, document, posted_day, 'line' AS sort, file AS series, 0 AS size, CAST(NULL AS VARCHAR) AS number, line
    FROM document
    WHERE line IS NOT NULL
    UNION ALL
    SELECT source, document, posted_day, 'number', regexp_replace(number, '[0-9]+$', ''), length(number), number, 0
    FROM document
    WHERE source IN (SELECT source FROM size) AND number IS NOT NULL AND length(number) - length(regexp_replace(number, '[0-9]+$', '')) BETWEEN 1 AND 15
), beside AS (
    SELECT *, lag(posted_day, 1) OVER upward AS b1, lag(posted_day, 2) OVER upward AS b2,
           lag(posted_day, 3) OVER upward AS b3, lead(posted_day, 1) OVER upward AS a1,
           lead(posted_day, 2) OVER upward AS a2, lead(posted_day, 3) OVER upward AS a3
    FROM placed
    WINDOW upward AS (PARTITION BY source, sort, series ORDER BY size, number, line, document)
), middle AS (
    SELECT source, document, posted_day, sort, series,
           b1 + b2 + b3 - greatest(b1, b2, b3) - least(b1, b2, b3) AS before,
           a1 + a2 + a3 - greatest(a1, a2, a3) - least(a1, a2, a3) AS after
    FROM beside
), moved AS (
    SELECT *, CAST(floor((before - posted_day) / 365.25 + 0.5) AS INTEGER) AS years
    FROM middle
    WHERE before IS NOT NULL AND after IS NOT NULL
), orderly AS (
    SELECT source, sort, series
    FROM moved
    GROUP BY source, sort, series
    HAVING count(*) >= $fewest
        AND sum(CASE WHEN abs(before - posted_day) <= $near AND abs(after - posted_day) <= $near THEN 1 ELSE 0 END)
            >= $in_order * count(*)
), slip AS (
    SELECT m.source, m.document, m.posted_day, min(abs(m.years)) AS years, max(m.years) AS later
    FROM moved m
    JOIN orderly o ON o.source = m.source AND o.sort = m.sort AND o.series = m.series
    WHERE m.years <> 0 AND abs(m.posted_day + m.years * 365.25 - m.before) <= $near
        AND abs(m.posted_day + m.years * 365.25 - m.after) <= $near
    GROUP BY m.source, m.document, m.posted_day
)
SELECT t.row_key, t.scope, $score AS score,
       CAST(t.posted_on AS VARCHAR) || CASE
           WHEN s.document IS NULL THEN ', ' || CAST(t.posted_day - $as_of_day AS VARCHAR) || ' days after the day of the audit'
           ELSE ', ' || CAST(s.years AS VARCHAR) || CASE WHEN s.years = 1 THEN ' year ' ELSE ' years ' END
               || CASE WHEN s.later > 0 THEN 'before' ELSE 'after' END || ' the documents beside it' END AS observed,
       'the year of the documents beside it' AS threshold, 'source ' || t.source AS population, 'posted_on' AS field
FROM txn t
LEFT JOIN slip s ON s.source = t.source AND s.document = CASE WHEN t.kind = 'ledger' THEN coalesce(t.journal_id, t.row_key) ELSE t.row_key END AND s.posted_day = t.posted_day
WHERE t.kind IN ('card', 'receipt', 'invoice', 'payment', 'ledger')
    AND (s.document IS NOT NULL OR t.posted_day > $as_of_day + $beyond)
