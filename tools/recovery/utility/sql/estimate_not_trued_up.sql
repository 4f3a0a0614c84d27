-- Between two readings more was billed, on estimates, than was used.
WITH numbered AS (
    SELECT *, sum(CAST(NOT is_estimated AND read_now IS NOT NULL AS INTEGER))
                  OVER (PARTITION BY account, meter ORDER BY from_on, to_on, billed_on, bill_id
                        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS stretch
    FROM counted_bill
    WHERE copy = 1
), stretch AS (
    SELECT account, meter, stretch, sum(used) AS billed, bool_or(is_estimated) AS has_estimate,
           arg_max(bill_id, from_on) FILTER (WHERE NOT is_estimated) AS bill_id,
           arg_max(read_now, from_on) FILTER (WHERE NOT is_estimated) AS read_now,
           arg_max(factor, from_on) AS factor, sum(charged) / nullif(sum(used), 0) AS unit_cost
    FROM numbered
    GROUP BY account, meter, stretch
), ended AS (
    SELECT *, lag(read_now) OVER (PARTITION BY account, meter ORDER BY stretch) AS last_actual FROM stretch
)
SELECT bill_id, CAST(round((billed - (read_now - last_actual) * factor) * unit_cost) AS BIGINT) AS over_minor
FROM ended
WHERE has_estimate AND bill_id IS NOT NULL AND read_now >= last_actual
    AND billed > (read_now - last_actual) * factor * 1.02 + 1
