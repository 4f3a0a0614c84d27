-- holiday_posting: posted on a holiday
-- purpose: entries on the entity's holidays, where the source has hardly any: on such a day less than $usual_rate of
--   what it has on a business day, and none at all on $usual_days of them. Not the last and first day of a period, for which closing entries are dated
--   whatever day that is
-- needs: posted_on
-- kinds: invoice, payment, ledger
-- params: score = 25, usual_rate = 0.2, usual_days = 0.5, usual_n = 5
-- scores: weak, a flag only together with others: $score (25)
-- absolute: calendar
-- source: ISA 240, A45; PCAOB AS 2401.61 (characteristics of fraudulent entries)
-- with: day_sort, off_day
SELECT t.row_key, t.scope, $score AS score, s.name AS observed, 'no holiday' AS threshold,
       CAST(o.n AS VARCHAR) || ' of ' || CAST(o.postings AS VARCHAR) || ' postings of ' || t.source
           || ' on such days' AS population
FROM txn t
JOIN day_sort s ON s.day_number = t.posted_day AND s.sort = 'holiday'
JOIN off_day o ON o.source = t.source AND o.sort = 'holiday'
    AND (o.n < $usual_n OR (o.rate <= $usual_rate AND o.busy_share <= $usual_days))
WHERE t.kind IN ('invoice', 'payment', 'ledger')
