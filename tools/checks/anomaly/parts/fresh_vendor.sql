-- fresh_vendor: vendors that came long after the books began, and are not known for long
-- purpose: who is new has no history that would vouch for an amount
-- params: new_days = 90, settle_days = 180
-- source: ACFE, Fraud Examiners Manual (shell companies); the books begin where a tenth of the vendors is known
-- with: vendor_activity
SELECT a.party, a.kind, a.currency, a.vendor, a.first_day
FROM vendor_activity a
JOIN (
    SELECT kind, currency, quantile_cont(first_day, 0.1) AS since FROM vendor_activity GROUP BY kind, currency
) b ON b.kind = a.kind AND b.currency = a.currency
WHERE a.first_day - b.since >= $settle_days AND a.last_day - a.first_day <= $new_days
