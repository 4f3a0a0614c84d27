-- missing_cell: a placeholder or a blank where there should be a value
-- purpose: N/A, null and - are no values; left in, they are counted, joined and averaged as if they were. A blank is
--   named where the source requires a value, and where its column hardly has another one; not where another column
--   explains it (no closing date while the status is open)
-- kinds: table
-- about: cell
-- params: score = 80, blank_score = 75, blank = 0.05, fewest = 50, explained = 0.5, together = 0.8, oftener = 1.5
-- scores: $score (80); $blank_score (75) for a blank that nobody forbade, in a column of at least $fewest (50) rows that
--   has at most $blank (5%) of them, unless $explained (half) of the rows with some other value of the row are so, too,
--   or the column's blanks stand beside those of another one $together (80%) of the time, and $oftener (1.5) times as
--   often as other rows do: of that thing nothing was measured
-- source: DAMA-DMBOK2, chapter 13 (completeness); Little and Rubin (2002), Statistical Analysis with Missing Data, on
--   what is missing at random and what is not
WITH nothing AS (
    SELECT source, row_key, field, value, CASE WHEN coalesce(trim(value), '') = '' THEN 1 ELSE 0 END AS blank
    FROM cell
    WHERE strpos($marker, '|' || lower(trim(coalesce(value, ''))) || '|') > 0
      AND strpos(coalesce(value, ''), '|') = 0
), empty AS (
    SELECT source, field, count(*) AS nothings, sum(blank) AS blanks
    FROM nothing
    GROUP BY source, field
), size AS (
    SELECT source, count(DISTINCT row_key) AS cells FROM cell GROUP BY source
), habit AS (
    SELECT e.source, e.field, e.blanks, s.cells
    FROM empty e
    JOIN size s ON s.source = e.source
    WHERE s.cells >= $fewest AND e.blanks BETWEEN 1 AND $blank * s.cells
), blank AS (
    SELECT n.source, n.row_key, n.field
    FROM nothing n
    JOIN habit h ON h.source = n.source AND h.field = n.field
    WHERE n.blank = 1
), beside AS (
    SELECT b.source, b.field, c.field AS partner_field, c.value, count(*) AS blanks
    FROM blank b
    JOIN cell c ON c.source = b.source AND c.row_key = b.row_key AND c.field <> b.field
    WHERE trim(c.value) <> ''
    GROUP BY b.source, b.field, c.field, c.value
    HAVING count(*) >= 3
), explained AS (
    SELECT b.source, b.field, b.partner_field, b.value
    FROM beside b
    JOIN cell c ON c.source = b.source AND c.field = b.partner_field AND c.value = b.value
    GROUP BY b.source, b.field, b.partner_field, b.value, b.blanks
    HAVING b.blanks >= $explained * count(*)
), together AS (
    SELECT b.source, b.field, n.field AS partner_field
    FROM blank b
    JOIN nothing n ON n.source = b.source AND n.row_key = b.row_key AND n.field <> b.field
    JOIN habit h ON h.source = b.source AND h.field = b.field
    JOIN empty e ON e.source = n.source AND e.field = n.field
    GROUP BY b.source, b.field, n.field, h.blanks, h.cells, e.nothings
    HAVING count(*) >= 3 AND count(*) >= $together * h.blanks
       AND count(*) * h.cells >= $oftener * h.blanks * e.nothings
), unexplained AS (
    SELECT b.source, b.row_key, b.field
    FROM blank b
    LEFT JOIN (
        SELECT c.source, c.row_key, e.field
        FROM explained e
        JOIN cell c ON c.source = e.source AND c.field = e.partner_field AND c.value = e.value
        UNION
        SELECT n.source, n.row_key, t.field
        FROM together t
        JOIN nothing n ON n.source = t.source AND n.field = t.partner_field
    ) e ON e.source = b.source AND e.row_key = b.row_key AND e.field = b.field
    WHERE e.row_key IS NULL
), missing AS (
    SELECT n.source, n.row_key, n.field, n.value, $score AS score, 'a value' AS threshold
    FROM nothing n
    LEFT JOIN required_field r ON r.source = n.source AND r.field = n.field
    WHERE n.blank = 0 OR r.field IS NOT NULL
    UNION ALL
    SELECT u.source, u.row_key, u.field, '', $blank_score, 'a value, as nearly every row has'
    FROM unexplained u
    LEFT JOIN required_field r ON r.source = u.source AND r.field = u.field
    WHERE r.field IS NULL
)
SELECT row_key, field, score, coalesce(value, '') AS observed, threshold,
       'column ' || field || ' of ' || source AS population
FROM missing
