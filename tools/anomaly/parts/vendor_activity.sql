-- vendor_activity: how much, how often and since when each vendor is paid
-- purpose: what is usual for a vendor, and when it began and ended
-- source: Nigrini, Forensic Analytics (2011), ch. 12
SELECT kind, currency, coalesce(vendor_id, vendor_key) AS vendor, count(*) AS n, min(posted_day) AS first_day,
       max(posted_day) AS last_day, max(amount_minor) AS largest, min(amount_minor) AS smallest
FROM txn
WHERE kind IN ('card', 'invoice', 'payment') AND amount_minor > 0 AND coalesce(vendor_id, vendor_key) IS NOT NULL
GROUP BY kind, currency, coalesce(vendor_id, vendor_key)
