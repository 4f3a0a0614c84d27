-- recurring_amount: a recurring posting with an amount unlike any before
-- purpose: a rent or a fee that is suddenly another: outside the band that holds 80% of the vendor's others, by
--   more than the band is wide
-- needs: amount_minor, posted_on
-- kinds: card, invoice, payment
-- params: least_n = 6, margin = 1.0, least_share = 0.1, score = 45, strong_ratio = 2.0
-- scores: weak: $score (45), 10 more when it is $strong_ratio times the band's upper edge
-- history: 400
-- source: ISA 520, A5 (expectations out of the entity's own pattern); Tukey (1977) for a margin of the band's width
-- with: rhythm
WITH series AS (
    SELECT party, days, n FROM rhythm WHERE amount_minor IS NULL AND n >= $least_n
), amounts AS (
    SELECT s.party, s.days, s.n, t.row_key, CAST(t.amount_minor AS DOUBLE) AS minor
    FROM series s
    JOIN spend t ON t.party = s.party
    WHERE t.posted_day IS NOT NULL
), band AS (
    SELECT party, quantile_cont(minor, [0.1, 0.5, 0.9]) AS q FROM amounts GROUP BY party
), banded AS (
    SELECT a.row_key, p.vendor, a.days, a.n, a.minor, b.q[1] AS low, b.q[2] AS middle, b.q[3] AS high,
           greatest($margin * (b.q[3] - b.q[1]), $least_share * b.q[2]) AS slack
    FROM amounts a
    JOIN band b ON b.party = a.party
    JOIN party p ON p.party = a.party
)
SELECT row_key, $score + CASE WHEN minor >= $strong_ratio * high THEN 10 ELSE 0 END AS score,
       CAST(CAST(least(minor / middle, 1000000) + 0.000001 AS DECIMAL(18, 2)) AS VARCHAR) || ' times the median' AS observed,
       'from ' || CAST(CAST(floor(greatest(low - slack, 0) + 0.5) AS BIGINT) AS VARCHAR) || ' minor units to '
           || CAST(CAST(floor(high + slack + 0.5) AS BIGINT) AS VARCHAR) || ' minor units' AS threshold,
       CAST(n AS VARCHAR) || ' postings of vendor ' || vendor || ', every '
           || CAST(CAST(floor(days + 0.5) AS INTEGER) AS VARCHAR) || ' days' AS population
FROM banded
WHERE minor > high + slack OR minor < low - slack
