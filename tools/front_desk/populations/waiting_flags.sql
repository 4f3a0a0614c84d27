-- waiting_flags: flags that wait for a person's decision
-- noun: flag, waiting
-- table: flag
-- unit: money
-- grain: a flag
-- not included: flags of other entities; findings that were no flag
-- owner: audit desk
-- figure: waiting_flag_count = count | how many flags wait for a decision
-- figure: money_waiting = sum | their exposure, in the entity's currency
SELECT row_key, day, vendor_key, vendor, person, source, currency, severity, status, test, exposure AS value,
  flag_id AS document
FROM flag WHERE status = 'proposed'
