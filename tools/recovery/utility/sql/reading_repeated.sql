-- It begins below the reading that the bill before it ended with: those units are billed twice.
SELECT bill_id,
       CAST(round(charged * least(used, (last_reading - read_before) * factor) / used) AS BIGINT) AS over_minor
FROM counted_bill
WHERE copy = 1 AND NOT is_estimated AND NOT last_estimated AND used > 0 AND read_before < last_reading
    AND last_to <= from_on AND read_now >= last_reading
