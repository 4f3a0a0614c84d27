-- missing_required_field: a required field is empty
-- purpose: a posting without its amount, date, party or id can be neither matched nor judged; the share of
--   rows without such a gap is what the gate of the run looks at
-- needs: required_field.field
-- params: score = 80
-- scores: $score (80) for each field that is missing ("N/A", "none", "?", "-" and blanks are read as missing)
-- source: ISA 500, A31 (completeness of information produced by the entity); DAMA-DMBOK2, chapter 13
-- each: required_field.field
SELECT t.row_key, t.scope, $score AS score, 'missing' AS observed, 'filled' AS threshold,
       'source ' || t.source AS population, r.field
FROM txn t
JOIN required_field r ON r.source = t.source AND r.field = 'each_column'
WHERE t.each_column IS NULL
