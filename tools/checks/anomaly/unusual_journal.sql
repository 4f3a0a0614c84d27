-- unusual_journal: a journal out of the ordinary in several ways at once
-- purpose: what overrides controls is entered by hand, when nobody is about, by who seldom does, in a round sum, between
--   accounts that hardly move. One mark is a habit, and three of them that come together are looked at; closing
--   entries, which are large, round and rare by nature, need a day or a hand that is not the usual
-- needs: journal_id, amount_minor, posted_on
-- kinds: ledger
-- params: least_n = 50, maker_share = 0.02, round_share = 0.2, account_share = 0.005, account_n = 2, large = 0.95,
--   usual_rate = 0.2, usual_days = 0.5, usual_n = 5, least_minor = 10000, habit_n = 4, marks = 3, score = 75
-- scores: $score (75) from $marks (3) marks on, 5 more for each further: on a day when nobody here works; by a person
--   with at most $maker_share (2%) of the journals, one of these two at least; at most two figures before the zeros, where
--   at most $round_share (20%) are so; an account with at most $account_n journals, or $account_share (0.5%); above the
--   $large quantile of the journals. Not a sum that the same accounts have had in $habit_n journals (depreciation)
-- absolute: calendar, money
-- source: ISA 240, A45; PCAOB AS 2401.61 (characteristics of fraudulent entries)
-- with: day_sort, off_day
WITH journal AS (
    SELECT source, currency, journal_id, min(posted_day) AS posted_day, max(created_by) AS maker,
           sum(CASE WHEN amount_minor > 0 THEN amount_minor ELSE 0 END) AS total
    FROM txn
    WHERE kind = 'ledger' AND journal_id IS NOT NULL AND posted_day IS NOT NULL AND amount_minor <> 0
    GROUP BY source, currency, journal_id
), rounded AS (
    SELECT *, CASE WHEN total >= $least_minor AND total % 1000 = 0
                        AND length(rtrim(CAST(total AS VARCHAR), '0')) <= 2 THEN 1 ELSE 0 END AS is_round
    FROM journal
), book AS (
    SELECT source, currency, count(*) AS n, sum(is_round) AS round_n, quantile_cont(total, $large) AS large
    FROM rounded
    GROUP BY source, currency
    HAVING count(*) >= $least_n
), maker AS (
    SELECT source, currency, maker, count(*) AS n FROM journal WHERE maker IS NOT NULL GROUP BY source, currency, maker
), touched AS (
    SELECT DISTINCT source, currency, account, journal_id
    FROM txn
    WHERE kind = 'ledger' AND journal_id IS NOT NULL AND account IS NOT NULL AND posted_day IS NOT NULL
        AND amount_minor <> 0
), account AS (
    SELECT source, currency, account, count(*) AS n FROM touched GROUP BY source, currency, account
), seldom AS (
    SELECT t.source, t.currency, t.journal_id, min(a.n) AS least
    FROM touched t
    JOIN account a ON a.source = t.source AND a.currency = t.currency AND a.account = t.account
    GROUP BY t.source, t.currency, t.journal_id
), habitual AS (
    SELECT source, currency, journal_id
    FROM (
        SELECT t.source, t.currency, t.journal_id,
               count(*) OVER (PARTITION BY t.source, t.currency, t.account, j.total) AS n
        FROM touched t
        JOIN journal j ON j.source = t.source AND j.currency = t.currency AND j.journal_id = t.journal_id
    ) x
    GROUP BY source, currency, journal_id
    HAVING min(n) >= $habit_n
), marked AS (
    SELECT j.source, j.currency, j.journal_id, b.n AS journals, s.name AS day_name,
           CASE WHEN o.source IS NOT NULL THEN 1 ELSE 0 END AS off,
           CASE WHEN m.n <= $maker_share * b.n THEN 1 ELSE 0 END AS hand,
           CASE WHEN j.is_round = 1 AND b.round_n - 1 <= $round_share * b.n THEN 1 ELSE 0 END AS sum_is_round,
           CASE WHEN l.least <= greatest($account_n, $account_share * b.n) THEN 1 ELSE 0 END AS rare,
           CASE WHEN j.total > b.large THEN 1 ELSE 0 END AS is_large
    FROM rounded j
    JOIN book b ON b.source = j.source AND b.currency = j.currency
    LEFT JOIN maker m ON m.source = j.source AND m.currency = j.currency AND m.maker = j.maker
    LEFT JOIN seldom l ON l.source = j.source AND l.currency = j.currency AND l.journal_id = j.journal_id
    LEFT JOIN habitual h ON h.source = j.source AND h.currency = j.currency AND h.journal_id = j.journal_id
    LEFT JOIN day_sort s ON s.day_number = j.posted_day AND s.sort IN ('weekend', 'holiday')
    LEFT JOIN off_day o ON o.source = j.source AND o.sort = s.sort
        AND (o.n < $usual_n OR (o.rate <= $usual_rate AND o.busy_share <= $usual_days))
    WHERE h.journal_id IS NULL
), chosen AS (
    SELECT *, off + hand + sum_is_round + rare + is_large AS marks
    FROM marked
    WHERE off + hand >= 1 AND off + hand + sum_is_round + rare + is_large >= $marks
), leg AS (
    SELECT t.row_key, t.scope, c.marks, c.journals, c.source, c.off, c.hand, c.sum_is_round, c.rare, c.is_large, c.day_name,
           row_number() OVER (PARTITION BY t.source, t.currency, t.journal_id ORDER BY t.amount_minor DESC, t.row_key) AS nth
    FROM chosen c
    JOIN txn t ON t.source = c.source AND t.currency = c.currency AND t.journal_id = c.journal_id
    WHERE t.kind = 'ledger' AND t.posted_day IS NOT NULL
)
SELECT row_key, scope, $score + 5 * (marks - $marks) AS score,
       substr(CASE WHEN off = 1 THEN ', on ' || day_name ELSE '' END
           || CASE WHEN hand = 1 THEN ', by a hand that seldom posts' ELSE '' END
           || CASE WHEN sum_is_round = 1 THEN ', in a round sum' ELSE '' END
           || CASE WHEN rare = 1 THEN ', on an account that hardly moves' ELSE '' END
           || CASE WHEN is_large = 1 THEN ', among the largest' ELSE '' END, 3) AS observed,
       'fewer than ' || CAST($marks AS VARCHAR) || ' such marks' AS threshold,
       CAST(journals AS VARCHAR) || ' journals of ' || source AS population
FROM leg
WHERE nth = 1
