-- More use than the readings times the meter's multiplier.
SELECT bill_id, CAST(round(charged * (used - (read_now - read_before) * factor) / used) AS BIGINT) AS over_minor
FROM counted_bill
WHERE NOT is_estimated AND read_now >= read_before AND used > (read_now - read_before) * factor * 1.005 + 1
