-- party: whoever is paid, by kind and currency, each under one number ('' is nobody known)
-- purpose: numbers are compared and sorted many times faster than names
-- source: Nigrini, Forensic Analytics (2011), ch. 12
SELECT CAST(row_number() OVER (ORDER BY kind, currency, vendor) AS INTEGER) AS party, kind, currency, vendor
FROM (
    SELECT DISTINCT kind, currency, coalesce(vendor_id, vendor_key, '') AS vendor
    FROM txn
    WHERE kind IN ('card', 'invoice', 'payment') AND currency IS NOT NULL
) named
