-- approval_limit: the amounts up to which people may decide: declared, or seen in the amounts themselves
-- purpose: what is split or kept just below needs a limit to stay under
-- params: least_n = 12, excess = 2.5, z = 4.0, drop = 2.0, distinct_share = 0.5
-- source: declared: the authority table (kind is null: any). Inferred: a round amount with a crowd right below it:
--   bunching after Saez (2010) and the density test of McCrary (2008), the tenth below it against its neighbours;
--   few distinct amounts are prices, not a crowd
-- with: amount_seen
WITH amounts AS (
    SELECT kind, currency, amount_minor, sum(n) AS n
    FROM amount_seen
    WHERE kind IN ('card', 'invoice', 'payment') AND amount_minor BETWEEN 10000 AND 100000000000
    GROUP BY kind, currency, amount_minor
), bucket AS (
    SELECT kind, currency, length(CAST(amount_minor AS VARCHAR)) AS digits,
           CAST(substr(CAST(amount_minor AS VARCHAR), 1, 3) AS INTEGER) AS lead, sum(n) AS n, count(*) AS d
    FROM amounts
    WHERE length(rtrim(CAST(amount_minor AS VARCHAR), '0')) > 2
    GROUP BY kind, currency, length(CAST(amount_minor AS VARCHAR)),
             CAST(substr(CAST(amount_minor AS VARCHAR), 1, 3) AS INTEGER)
), lane AS (
    SELECT kind, currency, digits, lead, n, d FROM bucket
    UNION ALL
    SELECT kind, currency, digits - 1, lead * 10, n, d FROM bucket WHERE lead < 120
), step AS (
    SELECT 1000 AS figure UNION ALL SELECT 150 UNION ALL SELECT 200 UNION ALL SELECT 250 UNION ALL SELECT 300
    UNION ALL SELECT 400 UNION ALL SELECT 500 UNION ALL SELECT 750
), crowd AS (
    SELECT l.kind, l.currency, l.digits, s.figure,
           sum(CASE WHEN l.lead >= 0.9 * s.figure AND l.lead < s.figure THEN l.n ELSE 0 END) AS below,
           sum(CASE WHEN l.lead >= 0.9 * s.figure AND l.lead < s.figure THEN l.d ELSE 0 END) AS kinds_below,
           sum(CASE WHEN l.lead < 0.9 * s.figure THEN l.n ELSE 0 END) AS under,
           sum(CASE WHEN l.lead >= s.figure THEN l.n ELSE 0 END) AS above
    FROM lane l
    JOIN step s ON l.lead >= 0.8 * s.figure AND l.lead < 1.1 * s.figure
    GROUP BY l.kind, l.currency, l.digits, s.figure
), inferred AS (
    SELECT kind, currency, CAST(figure * pow(10, digits - 3) AS BIGINT) AS limit_minor, below, under, above
    FROM crowd
    WHERE below >= $least_n AND below >= $excess * (under + above) / 2 AND below >= $drop * above
        AND below - (under + above) / 2.0 >= $z * sqrt((under + above) / 2.0 + 1)
        AND kinds_below >= least($distinct_share * below, 0.02 * figure * pow(10, digits - 3))
)
SELECT CAST(NULL AS VARCHAR) AS kind, currency, limit_minor, 'declared' AS origin, CAST(NULL AS BIGINT) AS below,
       CAST(NULL AS BIGINT) AS beside
FROM authority
WHERE limit_minor > 0
GROUP BY currency, limit_minor
UNION ALL
SELECT i.kind, i.currency, i.limit_minor, 'inferred', CAST(i.below AS BIGINT), CAST(i.under + i.above AS BIGINT)
FROM inferred i
LEFT JOIN authority a ON a.limit_minor = i.limit_minor AND coalesce(a.currency, i.currency) = i.currency
WHERE a.limit_minor IS NULL
