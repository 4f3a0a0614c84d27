-- implausible_date: a date too long ago to be meant
-- purpose: 1900-01-01, 1970-01-01 and their like are how systems write a date that they do not have
-- needs: posted_on
-- params: score = 85, earliest_day = 7305, most_days_due = 1830
-- scores: $score (85) before $earliest_day (days since 1970-01-01; 7305 is 1990-01-01), or due more than
--   $most_days_due (five years) after its date
-- absolute: calendar
-- source: DAMA-DMBOK2, chapter 13 (validity)
SELECT row_key, scope, $score AS score, CAST(posted_on AS VARCHAR) AS observed,
       'day ' || $earliest_day || ' since 1970 or later' AS threshold, 'source ' || source AS population,
       'posted_on' AS field
FROM txn
WHERE posted_day < $earliest_day
UNION ALL
SELECT row_key, scope, $score, CAST(due_on AS VARCHAR), 'due within ' || $most_days_due || ' days', 'source ' || source,
       'due_on'
FROM txn
WHERE posted_day >= $earliest_day AND due_day > $earliest_day + $most_days_due AND due_day - posted_day > $most_days_due
