-- missing_cell: a word for nothing where a value belongs, or a blank where there always is a value
-- purpose: N/A, null and - are no values; left in, they are counted, joined and averaged as if they were. A blank is
--   named where the source requires a value, and where its column hardly has another one; not where another column
--   explains it (no closing date while the status is open)
-- kinds: table
-- about: cell
-- params: score = 80, blank_score = 75, blank = 0.02, fewest = 50, explained = 0.5
-- scores: $score (80); $blank_score (75) for a blank that nobody forbade, in a column of at least $fewest (50) rows that
--   has at most $blank (2%) of them, unless $explained (half) of the rows with some other value of the row are so, too
-- source: DAMA-DMBOK2, chapter 13 (completeness); Little and Rubin (2002), Statistical Analysis with Missing Data, on
--   what is missing at random and what is not
WITH habit AS (
    SELECT source, field
    FROM cell
    GROUP BY source, field
    HAVING count(*) >= $fewest AND count(CASE WHEN coalesce(trim(value), '') = '' THEN 1 END) BETWEEN 1 AND $blank * count(*)
), blank AS (
    SELECT c.source, c.row_key, c.field
    FROM cell c
    JOIN habit h ON h.source = c.source AND h.field = c.field
    WHERE coalesce(trim(c.value), '') = ''
), beside AS (
    SELECT b.source, b.field, c.field AS other, c.value, count(*) AS blanks
    FROM blank b
    JOIN cell c ON c.source = b.source AND c.row_key = b.row_key AND c.field <> b.field
    WHERE trim(c.value) <> ''
    GROUP BY b.source, b.field, c.field, c.value
    HAVING count(*) >= 3
), explained AS (
    SELECT b.source, b.field, b.other, b.value
    FROM beside b
    JOIN cell c ON c.source = b.source AND c.field = b.other AND c.value = b.value
    GROUP BY b.source, b.field, b.other, b.value, b.blanks
    HAVING b.blanks >= $explained * count(*)
), unexplained AS (
    SELECT b.source, b.row_key, b.field
    FROM blank b
    LEFT JOIN (
        SELECT DISTINCT c.source, c.row_key, e.field
        FROM explained e
        JOIN cell c ON c.source = e.source AND c.field = e.other AND c.value = e.value
    ) e ON e.source = b.source AND e.row_key = b.row_key AND e.field = b.field
    WHERE e.row_key IS NULL
), missing AS (
    SELECT c.source, c.row_key, c.field, c.value, $score AS score, 'a value' AS threshold
    FROM cell c
    LEFT JOIN required_field r ON r.source = c.source AND r.field = c.field
    WHERE lower(trim(c.value)) IN ('n/a', 'n.a.', '#n/a', 'null', 'nan', '<na>', '-', '--', '---', '?', 'missing',
                                   'not available')
       OR (r.field IS NOT NULL AND coalesce(trim(c.value), '') = '')
    UNION ALL
    SELECT u.source, u.row_key, u.field, '', $blank_score, 'a value, as nearly every row has'
    FROM unexplained u
    LEFT JOIN required_field r ON r.source = u.source AND r.field = u.field
    WHERE r.field IS NULL
)
SELECT row_key, field, score, coalesce(value, '') AS observed, threshold,
       'column ' || field || ' of ' || source AS population
FROM missing
