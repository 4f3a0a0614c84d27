-- confirmed_flags: flags that a reviewer has confirmed
-- noun: flag, confirmed
-- table: flag
-- unit: money
-- grain: a flag
-- not included: flags of other entities; findings that were no flag
-- owner: audit desk
-- figure: confirmed_flag_count = count | how many flags were confirmed
-- figure: money_confirmed = sum | their exposure, in the entity's currency
SELECT row_key, day, vendor_key, vendor, person, source, currency, severity, status, test, exposure AS value,
  flag_id AS document
FROM flag WHERE review = 'confirmed'
