-- implausible_date: a date long before any that can be meant
-- purpose: 1900-01-01, 1970-01-01 and their like are how systems write a date that they do not have
-- needs: posted_on
-- params: score = 85, earliest_day = 7305, most_days_due = 1830
-- scores: $score (85) before $earliest_day (days since 1970-01-01; 7305 is 1990-01-01), or due more than
--   $most_days_due (five years) after its date
-- absolute: calendar
-- source: DAMA-DMBOK2, chapter 13 (validity)
SELECT row_key, scope, $score AS score,
       CASE WHEN posted_day < $earliest_day THEN CAST(posted_on AS VARCHAR) ELSE CAST(due_on AS VARCHAR) END
           AS observed,
       CASE WHEN posted_day < $earliest_day THEN 'day ' || $earliest_day || ' since 1970 or later'
            ELSE 'due within ' || $most_days_due || ' days' END AS threshold,
       'source ' || source AS population,
       CASE WHEN posted_day < $earliest_day THEN 'posted_on' ELSE 'due_on' END AS field
FROM txn
WHERE posted_day < $earliest_day OR due_day - posted_day > $most_days_due
