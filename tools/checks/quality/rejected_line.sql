-- rejected_line: a line that could not be read
-- purpose: what cannot be read is kept with its reason and counted, so that nothing is dropped in silence
-- needs: rejected.reason
-- about: line
-- params: score = 80
-- scores: $score (80)
-- source: ISA 500, A31 (completeness and accuracy)
SELECT 'line:' || source || ':' || file || ':' || line AS row_key, $score AS score, reason AS observed,
       'readable' AS threshold, 'source ' || source AS population
FROM rejected
