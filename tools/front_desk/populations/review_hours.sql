-- review_hours: hours from a flag to its review
-- noun: review time
-- table: flag
-- unit: hours
-- grain: a reviewed flag
-- not included: flags that nobody has reviewed
-- owner: audit desk
-- figure: review_hours = average | the mean number of hours from a flag to its review
SELECT row_key, day, vendor_key, vendor, person, source, currency, severity, status, test, hours AS value,
  flag_id AS document
FROM flag WHERE hours IS NOT NULL
