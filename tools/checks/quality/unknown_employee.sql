-- unknown_employee: the person is not in the employee master
-- purpose: a charge or claim of somebody who does not work here: a ghost employee, or a mistyped id
-- needs: person_id, employee.person_id
-- params: score = 80
-- scores: $score (80)
-- source: ACFE, Fraud Examiners Manual, payroll and expense schemes
WITH unknown AS (
    SELECT u.person_id
    FROM (SELECT DISTINCT person_id FROM txn WHERE person_id IS NOT NULL) u
    LEFT JOIN employee e ON e.person_id = u.person_id
    WHERE e.person_id IS NULL
)
SELECT t.row_key, t.scope, $score AS score, 'person ' || t.person_id AS observed,
       'in the employee master' AS threshold, 'source ' || t.source AS population, 'person_id' AS field
FROM txn t
JOIN unknown u ON u.person_id = t.person_id
