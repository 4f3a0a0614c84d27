-- vendor_activity: how much, how often and since when each vendor is paid
-- purpose: what is usual for a vendor, and when it began and ended
-- source: Nigrini, Forensic Analytics (2011), ch. 12
-- with: spend
SELECT p.party, p.kind, p.currency, p.vendor, a.n, a.first_day, a.last_day, a.largest, a.smallest
FROM (
    SELECT party, count(*) AS n, min(posted_day) AS first_day, max(posted_day) AS last_day,
           max(amount_minor) AS largest, min(amount_minor) AS smallest
    FROM spend
    GROUP BY party
) a
JOIN party p ON p.party = a.party
WHERE p.vendor <> ''
