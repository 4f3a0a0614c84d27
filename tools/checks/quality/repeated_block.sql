-- repeated_block: a block of rows that was loaded twice, in the same order
-- purpose: an export that was read again, or overlaps with the next one, doubles every row of a stretch; that is one
--   event, whatever each of its rows may look like, and one case. A chance pair of equal rows is no block
-- needs: posted_on, amount_minor
-- params: score = 97
-- scores: $score (97) for each row of the later stretch
-- absolute: order
-- source: ISA 500, A31 (accuracy and completeness of information produced by the entity); Nigrini, Forensic Analytics
--   (2011), chapter 12 (subset duplicates)
-- with: repeated_stretch
SELECT row_key, scope, $score AS score,
       'one of ' || CAST(n AS VARCHAR) || ' rows in lines ' || CAST(line_from AS VARCHAR) || ' to '
           || CAST(line_to AS VARCHAR) || CASE WHEN file = '' THEN '' ELSE ' of ' || file END || ' that repeat lines '
           || CAST(first_from AS VARCHAR) || ' to ' || CAST(first_to AS VARCHAR)
           || CASE WHEN file = first_file THEN '' ELSE ' of ' || first_file END AS observed,
       'each stretch of rows once' AS threshold, 'source ' || source AS population, partner_key,
       'block ' || source || ' ' || first_file || ' ' || CAST(first_from AS VARCHAR) || ' ' || file || ' '
           || CAST(line_from AS VARCHAR) AS event
FROM repeated_stretch
