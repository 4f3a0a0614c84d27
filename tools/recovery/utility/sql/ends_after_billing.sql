-- A period that ends after the bill was written: its last days were not used yet, and are no estimate.
SELECT bill_id,
       CAST(round(charged * least(days, date_diff('day', billed_on, to_on)) / days) AS BIGINT) AS over_minor
FROM counted_bill
WHERE to_on > billed_on + 1 AND NOT is_estimated
