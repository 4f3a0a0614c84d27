-- Bills that count: no notices or prepayments, none that an adjustment replaced; beside each the one before it.
CREATE OR REPLACE TEMP TABLE counted_bill AS
WITH bill AS (
    SELECT b.*, date_diff('day', from_on, to_on) + 1 AS days, TRY_CAST(usage AS DOUBLE) AS used,
           TRY_CAST(reading AS DOUBLE) AS read_now, TRY_CAST(previous_reading AS DOUBLE) AS read_before,
           coalesce(TRY_CAST(multiplier AS DOUBLE), 1) AS factor,
           lower(coalesce(reading_kind, 'actual')) LIKE 'est%' AS is_estimated,
           coalesce(usage_charge_minor, amount_minor - coalesce(tax_minor, 0) - coalesce(fixed_minor, 0) - coalesce(late_fee_minor, 0))
               AS charged
    FROM utility_bill b
    WHERE lower(coalesce(statement_type, 'bill')) NOT IN ('notice', 'prepaid')
        AND from_on IS NOT NULL AND to_on >= from_on
        AND bill_id NOT IN (SELECT supersedes FROM utility_bill WHERE supersedes IS NOT NULL)
)
SELECT *, charged / nullif(used, 0) AS unit_cost,
       lag(to_on) OVER series AS last_to, lag(read_now) OVER series AS last_reading,
       lag(is_estimated) OVER series AS last_estimated, lag(rate_class) OVER series AS last_class,
       lead(rate_class, 1) OVER series AS next_class, lead(rate_class, 2) OVER series AS later_class,
       lag(paid_on) OVER series AS last_paid_on, lag(due_on) OVER series AS last_due_on,
       row_number() OVER (PARTITION BY account, meter, from_on, to_on, amount_minor ORDER BY billed_on, bill_id) AS copy
FROM bill
WINDOW series AS (PARTITION BY account, meter ORDER BY from_on, to_on, billed_on, bill_id)
