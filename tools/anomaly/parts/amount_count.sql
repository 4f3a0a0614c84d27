-- amount_count: amounts that one vendor has more than once
-- purpose: the only rows on which a payment can stand twice
-- source: Nigrini, Forensic Analytics (2011), ch. 12 (same-same tests)
SELECT kind, currency, coalesce(vendor_id, vendor_key) AS vendor, amount_minor, count(*) AS n
FROM txn
WHERE kind IN ('card', 'invoice', 'payment') AND amount_minor > 0 AND posted_day IS NOT NULL
    AND coalesce(vendor_id, vendor_key) IS NOT NULL
    AND coalesce(lower(status), '') NOT IN ('void', 'voided', 'reversed', 'canceled', 'cancelled')
GROUP BY kind, currency, coalesce(vendor_id, vendor_key), amount_minor
HAVING count(*) > 1
