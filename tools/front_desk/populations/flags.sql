-- flags: flags that audits have raised
-- noun: flag
-- table: flag
-- unit: money
-- grain: a flag
-- not included: flags of other entities; findings that were no flag
-- owner: audit desk
-- figure: flag_count = count | how many flags
-- figure: money_at_risk = sum | the exposure of the flags, in the entity's currency
-- figure: largest_flag = largest | the greatest exposure of one flag
-- figure: smallest_flag = smallest | the least exposure of one flag
SELECT row_key, day, vendor_key, vendor, person, source, currency, severity, status, test, exposure AS value,
  flag_id AS document
FROM flag WHERE TRUE
