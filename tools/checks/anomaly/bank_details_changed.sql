-- bank_details_changed: paid within days of a change of the vendor's bank details
-- purpose: a forged letter moves a real vendor's payments to a thief's account
-- needs: posted_on, vendor.bank_changed_on
-- kinds: payment
-- params: days = 14, score = 80
-- scores: $score (80): to be confirmed with the vendor before anything else
-- source: FBI, Public Service Announcement I-091019-PSA (business e-mail compromise); ACFE, Fraud Examiners Manual
WITH changed AS (
    SELECT v.vendor_id, v.vendor_key, c.day_number AS changed_day
    FROM vendor v
    JOIN calendar c ON c.day = v.bank_changed_on
)
SELECT t.row_key, t.scope, $score AS score,
       CAST(t.posted_day - c.changed_day AS VARCHAR) || ' days after the change' AS observed,
       'more than ' || CAST($days AS VARCHAR) || ' days' AS threshold,
       'payments of vendor ' || coalesce(c.vendor_id, c.vendor_key) AS population
FROM txn t
JOIN changed c ON CASE WHEN c.vendor_id IS NULL THEN t.vendor_key ELSE t.vendor_id END
    = coalesce(c.vendor_id, c.vendor_key)
WHERE t.kind = 'payment' AND t.amount_minor > 0 AND t.posted_day BETWEEN c.changed_day AND c.changed_day + $days
