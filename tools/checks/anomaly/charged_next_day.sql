-- charged_next_day: the same charge on one card again a day or two later
-- purpose: a merchant that settles one sale twice does so in its next batch; two seats or two meals are bought on one
--   day. A night, a fare or a day's hire is charged day by day, at houses that have the amount more than twice, or that
--   say so in their name
-- needs: amount_minor, posted_on
-- kinds: card
-- params: days = 2, figures = 3, least_share = 0.5, usual_n = 2, score = 75
-- scores: $score (75) where the merchant has the amount no more than $usual_n times, its other amounts seldom repeat, the
--   amount has $figures figures and more before its zeros, and is above the $least_share quantile of the cards' amounts
-- history: 400
-- source: Visa and Mastercard dispute conditions (duplicate processing); Nigrini, Forensic Analytics (2011), ch. 12
-- with: repeated_posting
WITH usual AS (
    SELECT currency, quantile_cont(amount_minor, $least_share) AS amount
    FROM txn WHERE kind = 'card' AND amount_minor > 0
    GROUP BY currency
), stepped AS (
    SELECT r.row_key, r.scope, r.currency, r.amount_minor, r.vendor, r.n, r.returned, r.usual_days,
           lag(r.row_key) OVER one_amount AS before_key,
           r.posted_day - lag(r.posted_day) OVER one_amount AS gap, row_number() OVER one_amount AS nth
    FROM repeated_posting r
    WHERE r.kind = 'card' AND r.seldom AND r.n <= $usual_n
    WINDOW one_amount AS (PARTITION BY r.party, r.amount_minor, r.person ORDER BY r.posted_day, r.txn_id, r.row_key)
), named AS (
    SELECT s.*, ' ' || translate(upper(s.vendor || ' ' || coalesce(t.vendor_name, '') || ' ' || coalesce(t.category, '')
                                         || ' ' || coalesce(t.description, '')),
                                 '-/.*_,:;#()+', '            ') || ' ' AS words
    FROM stepped s
    JOIN usual u ON u.currency = s.currency AND s.amount_minor > u.amount
    JOIN txn t ON t.row_key = s.row_key
    WHERE s.nth > 1 + s.returned AND s.gap BETWEEN 1 AND $days AND s.gap < s.usual_days
        AND length(rtrim(CAST(s.amount_minor AS VARCHAR), '0')) >= $figures
)
SELECT CASE WHEN scope = 'window' THEN row_key ELSE before_key END AS row_key, $score AS score,
       'the same amount on the same card ' || CAST(gap AS VARCHAR) || CASE WHEN gap = 1 THEN ' day' ELSE ' days' END
           || ' before' AS observed,
       'once' AS threshold, CAST(n AS VARCHAR) || ' of this amount of vendor ' || vendor AS population,
       CASE WHEN scope = 'window' THEN before_key ELSE row_key END AS partner_key
FROM named
WHERE strpos(words, 'HOTEL') = 0 AND strpos(words, 'MOTEL') = 0 AND strpos(words, 'HOSTEL') = 0
    AND strpos(words, ' INN ') = 0 AND strpos(words, ' LODG') = 0 AND strpos(words, 'RESORT') = 0
    AND strpos(words, 'AIRBNB') = 0 AND strpos(words, 'RENTAL') = 0 AND strpos(words, ' HIRE ') = 0
    AND strpos(words, 'TRAVEL') = 0
