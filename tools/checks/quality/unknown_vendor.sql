-- unknown_vendor: the vendor is not in the vendor master
-- purpose: an invoice or payment to a party that nobody set up: a phantom vendor, or a mistyped id
-- needs: vendor.vendor_id
-- params: score = 80, name_score = 50
-- scores: $score (80) for an id that the master lacks; $name_score (50) for an invoice or payment that has
--   only a name, which neither a vendor nor a declared alias bears
-- source: ISA 240, A1 and appendix 1 (fictitious vendors); ACFE, Fraud Examiners Manual, billing schemes
WITH unknown_id AS (
    SELECT u.vendor_id
    FROM (SELECT DISTINCT vendor_id FROM txn WHERE vendor_id IS NOT NULL) u
    LEFT JOIN vendor v ON v.vendor_id = u.vendor_id
    WHERE v.vendor_id IS NULL
), former AS (
    SELECT ';' || replace(replace(upper(aliases), '; ', ';'), ' ;', ';') || ';' AS names
    FROM vendor
    WHERE aliases IS NOT NULL
), unknown_name AS (
    SELECT u.vendor_key, u.name
    FROM (
        SELECT DISTINCT vendor_key, upper(vendor_name) AS name FROM txn
        WHERE vendor_id IS NULL AND vendor_key IS NOT NULL AND kind IN ('invoice', 'payment')
    ) u
    LEFT JOIN vendor v ON v.vendor_key = u.vendor_key
    LEFT JOIN former f ON strpos(f.names, ';' || u.vendor_key || ';') > 0 OR strpos(f.names, ';' || u.name || ';') > 0
    WHERE v.vendor_id IS NULL AND f.names IS NULL
)
SELECT t.row_key, t.scope, $score AS score, 'vendor ' || t.vendor_id AS observed, 'in the vendor master' AS threshold,
       'source ' || t.source AS population, 'vendor_id' AS field
FROM txn t
JOIN unknown_id u ON u.vendor_id = t.vendor_id
UNION ALL
SELECT t.row_key, t.scope, $name_score AS score, 'vendor ' || t.vendor_name AS observed,
       'in the vendor master' AS threshold, 'source ' || t.source AS population, 'vendor_name' AS field
FROM txn t
JOIN unknown_name u ON u.vendor_key = t.vendor_key AND u.name = upper(t.vendor_name)
WHERE t.vendor_id IS NULL AND t.kind IN ('invoice', 'payment')
