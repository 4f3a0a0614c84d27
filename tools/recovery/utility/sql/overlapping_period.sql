-- Days that the bill before it has billed already; a day that two periods share is a boundary.
SELECT bill_id, CAST(round(charged * (date_diff('day', from_on, last_to) + 1) / days) AS BIGINT) AS over_minor
FROM counted_bill
WHERE copy = 1 AND last_to > from_on
