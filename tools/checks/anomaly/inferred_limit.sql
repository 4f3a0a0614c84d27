-- inferred_limit: one of a crowd just below a round amount, as if a limit stood there
-- purpose: somebody knows a limit that nobody declared; or a declared one is lower in practice
-- needs: amount_minor
-- kinds: card, invoice, payment
-- params: score = 45
-- scores: weak: $score (45) for amounts in the tenth below it
-- history: 400
-- absolute: money
-- source: Saez (2010) and Kleven (2016) on bunching; McCrary (2008), density test; Nigrini, Forensic Analytics (2011)
-- with: approval_limit
SELECT t.row_key, t.scope, $score AS score,
       CAST(CAST(100 * CAST(t.amount_minor AS DOUBLE) / l.limit_minor + 0.000001 AS DECIMAL(18, 1)) AS VARCHAR)
           || '% of ' || CAST(l.limit_minor AS VARCHAR) || ' minor units' AS observed,
       'no crowd right below a round amount' AS threshold,
       CAST(l.below AS VARCHAR) || ' amounts of kind ' || t.kind || ' in the tenth below it, '
           || CAST(l.beside AS VARCHAR) || ' in the two tenths beside' AS population
FROM txn t
JOIN approval_limit l ON l.origin = 'inferred' AND l.kind = t.kind AND l.currency = t.currency
    AND t.amount_minor < l.limit_minor AND t.amount_minor >= 0.9 * l.limit_minor
