-- wrong_year: a date that is out of place by whole years
-- purpose: 8 July 2024 between documents of July 2025, 2052 for 2025: the slip moves the amount into another year's
--   accounts. Days before and after are as they should be, whole years later or earlier
-- needs: posted_on
-- params: score = 85, near = 45, in_order = 0.95, fewest = 30, ordered = 200000,
--   beyond = 300
-- scores: $score (85) where the middle ones of the three documents before and of the three after, in the order of the
--   file or of their numbers, lie within $near days of the date moved by the same whole years, and not of the date
--   itself; or the date is more than $beyond days after the day of the audit. Only orders of $fewest documents and more,
--   of which $in_order (95%) lie near the documents beside them, in sources of at most $ordered rows
-- absolute: order
-- source: ISA 330, A47, and ISA 500, A31 (cut-off)
WITH size AS (
    SELECT source
    FROM txn
    WHERE kind IN ('card', 'receipt', 'invoice', 'payment', 'ledger')
    GROUP BY source
    HAVING count(*) <= $ordered
), document AS (
    SELECT source, journal_id AS document, posted_day, min(line) AS line, coalesce(min(file), '') AS file,
           min(coalesce(txn_id, journal_id)) AS number
    FROM txn
    WHERE posted_day IS NOT NULL AND kind = 'ledger' AND journal_id IS NOT NULL AND source IN (SELECT source FROM size)
    GROUP BY source, journal_id, posted_day
    UNION ALL
    SELECT source, row_key, posted_day, line, coalesce(file, ''), txn_id
    FROM txn
    WHERE posted_day IS NOT NULL AND source IN (SELECT source FROM size)
        AND (kind IN ('card', 'receipt', 'invoice', 'payment') OR (kind = 'ledger' AND journal_id IS NULL))
), by_line AS (
    SELECT source, file AS series, row_number() OVER (ORDER BY source, file) AS place
    FROM (SELECT DISTINCT source, file FROM document) f
), stem AS (
    SELECT source, document, posted_day, number, series
    FROM (
        SELECT source, document, posted_day, number, regexp_replace(number, '[0-9]+$', '') AS series
        FROM document
        WHERE number IS NOT NULL
    ) n
    WHERE length(number) - length(series) BETWEEN 1 AND 15
), by_number AS (
    SELECT source, series, -row_number() OVER (ORDER BY source, series) AS place
    FROM (SELECT DISTINCT source, series FROM stem) f
), placed AS (
    SELECT f.place, d.document, d.posted_day, d.line AS nth
    FROM document d
    JOIN by_line f ON f.source = d.source AND f.series = d.file
    WHERE d.line IS NOT NULL
    UNION ALL
    SELECT f.place, s.document, s.posted_day, CAST(substr(s.number, length(s.series) + 1) AS BIGINT)
    FROM stem s
    JOIN by_number f ON f.source = s.source AND f.series = s.series
), beside AS (
    SELECT place, document, posted_day, lag(posted_day, 1) OVER upward AS b1, lag(posted_day, 2) OVER upward AS b2,
           lag(posted_day, 3) OVER upward AS b3, lead(posted_day, 1) OVER upward AS a1,
           lead(posted_day, 2) OVER upward AS a2, lead(posted_day, 3) OVER upward AS a3
    FROM placed
    WINDOW upward AS (PARTITION BY place ORDER BY nth, posted_day)
), middle AS (
    SELECT place, document, posted_day,
           b1 + b2 + b3 - greatest(b1, b2, b3) - least(b1, b2, b3) AS before,
           a1 + a2 + a3 - greatest(a1, a2, a3) - least(a1, a2, a3) AS after
    FROM beside
), moved AS (
    SELECT *, CAST(floor((before - posted_day) / 365.25 + 0.5) AS INTEGER) AS years
    FROM middle
    WHERE before IS NOT NULL AND after IS NOT NULL
), orderly AS (
    SELECT place
    FROM moved
    GROUP BY place
    HAVING count(*) >= $fewest
        AND sum(CASE WHEN abs(before - posted_day) <= $near AND abs(after - posted_day) <= $near THEN 1 ELSE 0 END)
            >= $in_order * count(*)
), source_of AS (
    SELECT place, source FROM by_line UNION ALL SELECT place, source FROM by_number
), slip AS (
    SELECT p.source, m.document, m.posted_day, min(abs(m.years)) AS years, max(m.years) AS later
    FROM moved m
    JOIN orderly o ON o.place = m.place
    JOIN source_of p ON p.place = m.place
    WHERE m.years <> 0 AND abs(m.posted_day + m.years * 365.25 - m.before) <= $near
        AND abs(m.posted_day + m.years * 365.25 - m.after) <= $near
    GROUP BY p.source, m.document, m.posted_day
), slipped AS (
    SELECT t.row_key, t.scope, t.source, t.posted_on, s.years, s.later
    FROM slip s
    JOIN txn t ON t.source = s.source AND t.posted_day = s.posted_day
        AND s.document = CASE WHEN t.kind = 'ledger' THEN coalesce(t.journal_id, t.row_key) ELSE t.row_key END
), ahead AS (
    SELECT row_key, scope, source, posted_on, posted_day - $as_of_day AS days
    FROM txn
    WHERE kind IN ('card', 'receipt', 'invoice', 'payment', 'ledger') AND posted_day > $as_of_day + $beyond
)
SELECT row_key, scope, $score AS score,
       CAST(posted_on AS VARCHAR) || ', ' || CAST(years AS VARCHAR) || CASE WHEN years = 1 THEN ' year ' ELSE ' years ' END
           || CASE WHEN later > 0 THEN 'before' ELSE 'after' END || ' the documents beside it' AS observed,
       'the year of the documents beside it' AS threshold, 'source ' || source AS population, 'posted_on' AS field
FROM slipped
UNION ALL
SELECT a.row_key, a.scope, $score, CAST(a.posted_on AS VARCHAR) || ', ' || CAST(a.days AS VARCHAR)
           || ' days after the day of the audit',
       'the year of the documents beside it', 'source ' || a.source, 'posted_on'
FROM ahead a
LEFT JOIN slipped s ON s.row_key = a.row_key
WHERE s.row_key IS NULL
