-- number_duplication: one exact amount, over and over
-- purpose: charges below a receipt limit, invented expenses, a fee booked by machine: amounts that make up a share of
--   a source that nothing like them does
-- needs: amount_minor
-- kinds: card, invoice, payment
-- params: least_n = 20, share = 0.01, ratio = 5.0, score = 25
-- scores: weak: $score (25)
-- history: 400
-- source: Nigrini, Forensic Analytics (2011), ch. 6 (number duplication); against the mean of the other amounts with
--   the same three figures in front
-- with: amount_seen
WITH amounts AS (
    SELECT source, currency, amount_minor, n
    FROM amount_seen
    WHERE kind IN ('card', 'invoice', 'payment') AND amount_minor > 0
), sized AS (
    SELECT source, currency, sum(n) AS n FROM amounts GROUP BY source, currency
), crowded AS (
    SELECT a.source, a.currency, a.amount_minor, a.n, s.n AS of_all,
           length(CAST(a.amount_minor AS VARCHAR)) AS figures,
           substr(CAST(a.amount_minor AS VARCHAR), 1, 3) AS front
    FROM amounts a
    JOIN sized s ON s.source = a.source AND s.currency = a.currency
    WHERE a.n >= greatest($least_n, $share * s.n)
), near AS (
    SELECT c.source, c.currency, c.amount_minor, c.n, c.of_all, coalesce(avg(a.n), 0) AS usual
    FROM crowded c
    LEFT JOIN amounts a ON a.source = c.source AND a.currency = c.currency AND a.amount_minor <> c.amount_minor
        AND length(CAST(a.amount_minor AS VARCHAR)) = c.figures
        AND substr(CAST(a.amount_minor AS VARCHAR), 1, 3) = c.front
    GROUP BY c.source, c.currency, c.amount_minor, c.n, c.of_all
)
SELECT t.row_key, t.scope, $score AS score, CAST(n.n AS VARCHAR) || ' times this amount' AS observed,
       'below ' || CAST(CAST(100 * $share AS DECIMAL(18, 1)) AS VARCHAR) || '% of the source' AS threshold,
       CAST(n.of_all AS VARCHAR) || ' amounts of ' || n.source AS population
FROM near n
JOIN txn t ON t.source = n.source AND t.currency = n.currency AND t.amount_minor = n.amount_minor
WHERE n.n >= $ratio * n.usual
