-- vendor_employee_match: a vendor and an employee share a bank account, a tax number or an address
-- purpose: payments to oneself under a company's name; a posting that has no number of its vendor names it, and the
--   account that a posting itself bears is held against the employees', who may be paid under their own names
-- needs: employee.person_id
-- kinds: card, invoice, payment
-- params: bank_score = 92, tax_score = 90, address_score = 75
-- scores: $bank_score (92) for the bank account, $tax_score (90) for the tax number, $address_score (75) for the
--   address alone: strong, it has to be declared or explained
-- source: ACFE, Fraud Examiners Manual (shell companies); ISA 550 (related parties)
WITH vendor_side AS (
    SELECT vendor_id, vendor_key, translate(upper(bank_account), ' -.', '') AS bank,
           translate(upper(tax_id), ' -.', '') AS tax, translate(upper(address), ' -.,#', '') AS address
    FROM vendor
), employee_side AS (
    SELECT person_id, upper(trim(person_name)) AS name, translate(upper(bank_account), ' -.', '') AS bank,
           translate(upper(tax_id), ' -.', '') AS tax, translate(upper(address), ' -.,#', '') AS address
    FROM employee
), shared AS (
    SELECT v.vendor_id, v.vendor_key, e.person_id, 1 AS place, 'bank account' AS what, $bank_score AS score
    FROM vendor_side v JOIN employee_side e ON e.bank = v.bank AND v.bank <> ''
    UNION ALL
    SELECT v.vendor_id, v.vendor_key, e.person_id, 2, 'tax number', $tax_score
    FROM vendor_side v JOIN employee_side e ON e.tax = v.tax AND v.tax <> ''
    UNION ALL
    SELECT v.vendor_id, v.vendor_key, e.person_id, 3, 'address', $address_score
    FROM vendor_side v JOIN employee_side e ON e.address = v.address AND length(v.address) > 5
), gravest AS (
    SELECT *, row_number() OVER (
               PARTITION BY coalesce(vendor_id, vendor_key) ORDER BY place, person_id
           ) AS nth
    FROM shared
), named AS (
    SELECT vendor_id AS vendor, TRUE AS by_id, what, score, person_id
    FROM gravest WHERE nth = 1 AND vendor_id IS NOT NULL
    UNION ALL
    SELECT vendor_key, FALSE, min(what), max(score), min(person_id)
    FROM gravest WHERE nth = 1 AND vendor_key IS NOT NULL GROUP BY vendor_key
), looked_at AS (
    SELECT * FROM txn
    WHERE kind IN ('card', 'payment') OR (kind = 'invoice' AND NOT EXISTS (SELECT 1 FROM txn WHERE kind = 'payment'))
), borne AS (
    SELECT t.row_key, min(e.person_id) AS person_id
    FROM looked_at t
    JOIN employee_side e ON e.bank = translate(upper(t.bank_account), ' -.', '') AND e.bank <> ''
    WHERE t.vendor_name IS NOT NULL AND coalesce(t.person_id, '') <> e.person_id
    GROUP BY t.row_key
    HAVING max(CASE WHEN upper(trim(t.vendor_name)) = e.name THEN 1
                    WHEN strpos(t.vendor_name, ',') > 1
                        AND upper(trim(substr(t.vendor_name, strpos(t.vendor_name, ',') + 1)) || ' '
                            || trim(substr(t.vendor_name, 1, strpos(t.vendor_name, ',') - 1))) = e.name THEN 1
                    ELSE 0 END) = 0
)
SELECT t.row_key, t.scope, coalesce(g.score, $bank_score) AS score,
       'the ' || coalesce(g.what, 'bank account') || ' of employee ' || coalesce(g.person_id, b.person_id) AS observed,
       'none in common' AS threshold,
       CASE WHEN g.what IS NULL THEN 'the employee master' ELSE 'the vendor and employee masters' END AS population
FROM looked_at t
LEFT JOIN named g ON g.by_id = (t.vendor_id IS NOT NULL) AND g.vendor = coalesce(t.vendor_id, t.vendor_key)
LEFT JOIN borne b ON b.row_key = t.row_key
WHERE g.vendor IS NOT NULL OR b.row_key IS NOT NULL
