-- round_amount: a round amount from a vendor that hardly ever has one
-- purpose: invented and estimated amounts are round; a vendor whose prices are round says nothing by it
-- needs: amount_minor
-- kinds: card, invoice, payment, ledger
-- params: least_minor = 10000, usual_share = 0.05, least_n = 10, score = 25
-- scores: weak, a flag only together with others: $score (25) for two figures and then only zeros (4,500.00), 10
--   more for one (5,000.00)
-- history: 400
-- absolute: money
-- source: Nigrini, Forensic Analytics (2011), ch. 11 (rounded numbers); ISA 240, A45
WITH round_one AS (
    SELECT row_key, scope, source, currency, coalesce(vendor_id, vendor_key, account, '') AS party,
           length(rtrim(CAST(abs(amount_minor) AS VARCHAR), '0')) AS figures
    FROM txn
    WHERE kind IN ('card', 'invoice', 'payment', 'ledger') AND abs(amount_minor) >= $least_minor
        AND amount_minor % 1000 = 0 AND length(rtrim(CAST(abs(amount_minor) AS VARCHAR), '0')) <= 2
), rounds AS (
    SELECT source, currency, party, count(*) AS n FROM round_one GROUP BY source, currency, party
), all_of AS (
    SELECT source, currency, coalesce(vendor_id, vendor_key, account, '') AS party, count(*) AS n
    FROM txn
    WHERE kind IN ('card', 'invoice', 'payment', 'ledger') AND abs(amount_minor) >= $least_minor
    GROUP BY source, currency, coalesce(vendor_id, vendor_key, account, '')
), source_rate AS (
    SELECT a.source, a.currency, sum(a.n) AS n, sum(coalesce(r.n, 0)) AS round_n
    FROM all_of a
    LEFT JOIN rounds r ON r.source = a.source AND r.currency = a.currency AND r.party = a.party
    GROUP BY a.source, a.currency
), rate AS (
    SELECT a.source, a.currency, a.party, a.n >= $least_n AS own,
           CASE WHEN a.n >= $least_n THEN a.n ELSE s.n END AS n,
           CASE WHEN a.n >= $least_n THEN r.n ELSE s.round_n END AS round_n
    FROM rounds r
    JOIN all_of a ON a.source = r.source AND a.currency = r.currency AND a.party = r.party
    JOIN source_rate s ON s.source = r.source AND s.currency = r.currency
)
SELECT o.row_key, o.scope, $score + CASE WHEN o.figures = 1 THEN 10 ELSE 0 END AS score,
       CAST(o.figures AS VARCHAR) || CASE WHEN o.figures = 1 THEN ' figure' ELSE ' figures' END
           || ', then zeros' AS observed,
       CAST(r.round_n AS VARCHAR) || ' of ' || CAST(r.n AS VARCHAR) || ' are so round' AS threshold,
       CASE WHEN r.own THEN 'postings of ' || o.party ELSE 'postings of ' || o.source END AS population
FROM round_one o
JOIN rate r ON r.source = o.source AND r.currency = o.currency AND r.party = o.party
WHERE r.n >= $least_n AND CAST(r.round_n - 1 AS DOUBLE) / r.n <= $usual_share
