-- preparer_is_approver: prepared and approved by one person
-- purpose: the second pair of eyes was missing; not where a source never has a second one
-- needs: created_by, approved_by
-- kinds: invoice, payment, ledger
-- params: score = 80, weak_score = 50, usual_share = 0.2, least_n = 20
-- scores: $score (80); $weak_score (50): weak, where more than $usual_share of a source is so (of $least_n or more)
-- source: COSO, segregation of duties; ISA 315, appendix 3; ISA 240, A45
WITH signed AS (
    SELECT row_key, scope, source, lower(trim(created_by)) = lower(trim(approved_by)) AS same, approved_by
    FROM txn
    WHERE kind IN ('invoice', 'payment', 'ledger') AND created_by IS NOT NULL AND approved_by IS NOT NULL
), usual AS (
    SELECT source, count(*) AS n, sum(CASE WHEN same THEN 1 ELSE 0 END) AS same_n FROM signed GROUP BY source
)
SELECT s.row_key, s.scope,
       CASE WHEN u.n >= $least_n AND CAST(u.same_n AS DOUBLE) / u.n > $usual_share THEN $weak_score
            ELSE $score END AS score,
       s.approved_by || ' prepared and approved it' AS observed, 'two persons' AS threshold,
       CAST(u.same_n AS VARCHAR) || ' of ' || CAST(u.n AS VARCHAR) || ' postings of ' || s.source AS population
FROM signed s
JOIN usual u ON u.source = s.source
WHERE s.same
