-- false_flags: flags that a reviewer has called false positives
-- noun: flag, false
-- table: flag
-- unit: money
-- grain: a flag
-- not included: flags of other entities; findings that were no flag
-- owner: audit desk
-- figure: false_positive_count = count | how many flags were false positives
SELECT row_key, day, vendor_key, vendor, person, source, currency, severity, status, test, exposure AS value,
  flag_id AS document
FROM flag WHERE review = 'false_positive'
