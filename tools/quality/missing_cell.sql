-- missing_cell: a word for nothing where a value belongs, or a blank where the source requires one
-- purpose: N/A, null and - are no values; left in, they are counted, joined and averaged as if they were
-- kinds: table
-- about: cell
-- params: score = 80
-- scores: $score (80)
-- source: DAMA-DMBOK2, chapter 13 (completeness)
SELECT c.row_key, c.field, $score AS score, coalesce(c.value, '') AS observed, 'a value' AS threshold,
       'column ' || c.field || ' of ' || c.source AS population
FROM cell c
LEFT JOIN required_field r ON r.source = c.source AND r.field = c.field
WHERE lower(trim(c.value)) IN ('n/a', 'n.a.', '#n/a', 'null', 'nan', '<na>', '-', '--', '---', '?', 'missing',
                               'not available')
   OR (r.field IS NOT NULL AND coalesce(trim(c.value), '') = '')
