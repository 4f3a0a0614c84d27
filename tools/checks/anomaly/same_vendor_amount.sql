-- same_vendor_amount: the same amount to the same vendor again within weeks
-- purpose: paid twice under another number, or without one, where the vendor's amounts hardly ever repeat and this
--   is not its price (more than $usual_n times); of cards, by one person; net of reversals, of
--   what recurs, and of what one day's entry puts to two accounts
-- needs: amount_minor, posted_on
-- kinds: card, invoice, payment
-- params: days = 30, near_days = 7, usual_n = 3, figures = 3, weak_score = 40, near_score = 55, score = 75
-- scores: weak: $weak_score (40), $near_score (55) within $near_days days. $score (75) when it is that near, the
--   amount has $figures figures and more before its zeros (1250.00, not 1200.00), and neither payment or invoice has a number
-- history: 400
-- source: Nigrini, Forensic Analytics (2011), ch. 12 (same-same-different); ACFE, Fraud Examiners Manual
-- with: repeated_posting
WITH stepped AS (
    SELECT row_key, scope, kind, amount_minor, invoice_no, vendor, n, returned, usual_days,
           lag(row_key) OVER one_amount AS before_key, lag(invoice_no) OVER one_amount AS before_no,
           coalesce(account <> lag(account) OVER one_amount, FALSE) AS other_account,
           posted_day - lag(posted_day) OVER one_amount AS gap, row_number() OVER one_amount AS nth
    FROM repeated_posting
    WHERE seldom AND n <= $usual_n
    WINDOW one_amount AS (PARTITION BY party, amount_minor, person ORDER BY posted_day, txn_id, row_key)
)
SELECT CASE WHEN scope = 'window' THEN row_key ELSE before_key END AS row_key,
       CASE WHEN gap > $near_days THEN $weak_score
            WHEN invoice_no IS NULL AND before_no IS NULL AND kind <> 'card'
                AND length(regexp_replace(CAST(amount_minor AS VARCHAR), '0+$', '')) >= $figures THEN $score
            ELSE $near_score END AS score,
       'same vendor and amount, ' || CAST(gap AS VARCHAR) || ' days apart' AS observed,
       'once in ' || CAST($days AS VARCHAR) || ' days' AS threshold,
       CAST(n AS VARCHAR) || ' of this amount of vendor ' || vendor AS population,
       CASE WHEN scope = 'window' THEN before_key ELSE row_key END AS partner_key
FROM stepped
WHERE nth > 1 + returned AND gap <= $days AND gap < usual_days
    AND (invoice_no IS NULL OR before_no IS NULL OR invoice_no <> before_no) AND NOT (gap = 0 AND other_account)
