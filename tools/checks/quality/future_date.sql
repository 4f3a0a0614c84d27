-- future_date: dated after the day of the audit
-- purpose: what has not happened cannot have been posted: a mistyped year, or a posting held back
-- needs: posted_on
-- params: score = 85
-- scores: $score (85)
-- absolute: calendar
-- source: ISA 240, A45; DAMA-DMBOK2, chapter 13 (validity)
SELECT row_key, scope, $score AS score, CAST(posted_on AS VARCHAR) AS observed,
       'not after the day of the audit' AS threshold, 'source ' || source AS population, 'posted_on' AS field
FROM txn
WHERE posted_day > $as_of_day
