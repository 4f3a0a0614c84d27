-- repeated_stretch: rows of a stretch that stands again, in the same order: each with its like in the earlier one
-- purpose: what was loaded twice is told from chance pairs of equal rows by the order in which it comes
-- params: least = 5, least_over_days = 3, least_doubled = 8, skipped = 2, most_copies = 8
-- source: at least $least (5) different rows, or $least_over_days (3) of several days, stand again as far behind their
--   likes, with at most $skipped (2) others between two of them; in a file that was sorted afterwards, at least
--   $least_doubled (8) rows one behind the other each stand twice
-- with: copied_row
WITH pair AS (
    SELECT l.row_key, l.scope, f.row_key AS partner_key, l.source, l.file, f.file AS first_file, l.content_hash,
           l.posted_day, l.line, f.line AS first_line, l.line - f.line AS apart
    FROM copied_row l
    JOIN copied_row f ON f.source = l.source AND f.content_hash = l.content_hash
        AND (f.file < l.file OR (f.file = l.file AND f.line < l.line))
    WHERE l.copies <= $most_copies AND f.copies <= $most_copies AND l.line IS NOT NULL AND f.line IS NOT NULL
), stepped AS (
    SELECT *, first_line - lag(first_line) OVER (
               PARTITION BY source, first_file, file, apart ORDER BY first_line
           ) AS step
    FROM pair
), stretched AS (
    SELECT *, sum(CASE WHEN step <= $skipped + 1 THEN 0 ELSE 1 END) OVER (
               PARTITION BY source, first_file, file, apart ORDER BY first_line
           ) AS stretch
    FROM stepped
), block AS (
    SELECT source, first_file, file, apart, stretch, count(*) AS n, min(first_line) AS first_from,
           max(first_line) AS first_to, min(line) AS line_from, max(line) AS line_to
    FROM stretched
    GROUP BY source, first_file, file, apart, stretch
    HAVING (count(DISTINCT content_hash) >= $least AND (first_file <> file OR max(first_line) < min(line)))
        OR (count(DISTINCT content_hash) >= $least_over_days AND count(DISTINCT posted_day) > 1
            AND (first_file <> file OR max(first_line) < min(line)))
        OR (first_file = file AND apart = 1 AND count(DISTINCT content_hash) = count(*) AND count(*) >= $least_doubled
            AND max(first_line) - min(first_line) = 2 * (count(*) - 1))
), ranked AS (
    SELECT s.row_key, s.scope, s.partner_key, s.source, s.file, s.first_file, b.n, b.first_from, b.first_to, b.line_from,
           b.line_to,
           row_number() OVER (
               PARTITION BY s.row_key ORDER BY b.n DESC, s.first_file, b.first_from, s.partner_key
           ) AS place
    FROM stretched s
    JOIN block b ON b.source = s.source AND b.first_file = s.first_file AND b.file = s.file AND b.apart = s.apart
        AND b.stretch = s.stretch
)
SELECT row_key, scope, partner_key, source, file, first_file, n, first_from, first_to, line_from, line_to
FROM ranked
WHERE place = 1
