-- approver_above_limit: approved by somebody whose limit does not reach that far
-- purpose: spending that the right person never saw
-- needs: amount_minor, approved_by, authority.limit_minor
-- kinds: card, invoice, payment
-- params: score = 85
-- scores: $score (85)
-- absolute: money
-- source: COSO, authorisation of transactions; ISA 315, appendix 3
WITH own AS (
    SELECT a.person_id, e.person_name, a.currency, a.category, max(a.limit_minor) AS limit_minor
    FROM authority a
    LEFT JOIN employee e ON e.person_id = a.person_id
    GROUP BY a.person_id, e.person_name, a.currency, a.category
), approvals AS (
    SELECT t.row_key, t.amount_minor, t.approved_by, max(o.limit_minor) AS limit_minor
    FROM txn t
    JOIN own o ON (o.person_id = t.approved_by OR o.person_name = t.approved_by)
        AND coalesce(o.currency, t.currency) = t.currency
        AND coalesce(o.category, t.category, '') = coalesce(t.category, '')
    WHERE t.kind IN ('card', 'invoice', 'payment')
    GROUP BY t.row_key, t.amount_minor, t.approved_by
)
SELECT row_key, $score AS score,
       CAST(CAST(least(CAST(amount_minor AS DOUBLE) / limit_minor, 1000000) + 0.000001 AS DECIMAL(18, 2)) AS VARCHAR)
           || ' times the limit of ' || approved_by AS observed,
       'up to ' || CAST(limit_minor AS VARCHAR) || ' minor units, the approver''s own limit' AS threshold, 'the table of authority' AS population
FROM approvals
WHERE amount_minor > limit_minor AND limit_minor > 0
