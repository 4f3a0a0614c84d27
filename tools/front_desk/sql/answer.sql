WITH population AS (
  SELECT * FROM blank UNION ALL BY NAME (
{population}
  )
), chosen AS (
  SELECT p.*,
    CASE $counted
      WHEN 'vendor' THEN p.vendor_key WHEN 'person' THEN person WHEN 'account' THEN account
      WHEN 'category' THEN category WHEN 'source' THEN source WHEN 'currency' THEN currency ELSE subject
    END AS thing,
    CASE $by
      WHEN 'vendor' THEN coalesce(v.label, vendor, 'no vendor') WHEN 'person' THEN coalesce(person, 'nobody named')
      WHEN 'account' THEN coalesce(account, 'no account') WHEN 'category' THEN coalesce(category, 'no category')
      WHEN 'source' THEN source WHEN 'severity' THEN severity WHEN 'status' THEN coalesce(status, 'no status')
      WHEN 'test' THEN test WHEN 'age' THEN age WHEN 'days late' THEN CAST(days_late AS VARCHAR) WHEN 'pair' THEN pair
      WHEN 'day' THEN strftime(day, '%Y-%m-%d') WHEN 'week' THEN strftime(day, '%G-W%V')
      WHEN 'month' THEN strftime(day, '%Y-%m') WHEN 'weekday' THEN strftime(day, '%u %A')
      WHEN 'quarter' THEN year(day + to_months($shift)) || '-Q' || quarter(day + to_months($shift))
      WHEN 'year' THEN CAST(year(day + to_months($shift)) AS VARCHAR)
    END AS part
  -- One name a vendor, however its rows spell it.
  FROM population p LEFT JOIN vendor_label v ON $by = 'vendor' AND v.vendor_key = p.vendor_key
  WHERE ($from_day IS NULL OR day >= $from_day) AND ($until_day IS NULL OR day IS NULL OR day <= $until_day)
    AND ($vendors IS NULL OR list_contains($vendors, p.vendor_key))
    AND ($people IS NULL OR list_contains($people, person))
    AND ($accounts IS NULL OR list_contains($accounts, account))
    AND ($categories IS NULL OR list_contains($categories, category))
    AND ($sources IS NULL OR list_contains($sources, source))
    AND ($weekdays IS NULL OR list_contains($weekdays, CAST(isodow(p.day) AS VARCHAR))
      OR (list_contains($weekdays, 'weekend') AND isodow(p.day) NOT IN (SELECT isodow(c.day) FROM calendar c WHERE c.is_business_day)))
    AND ($least_days IS NULL OR days_late >= $least_days) AND ($most_days IS NULL OR days_late <= $most_days)
    AND ($severities IS NULL OR list_contains($severities, severity))
    AND ($tests IS NULL OR list_contains($tests, test))
    AND ($pairs IS NULL OR list_contains($pairs, pair))
    AND ($no_vendors IS NULL OR p.vendor_key IS NULL OR NOT list_contains($no_vendors, p.vendor_key))
    AND ($no_people IS NULL OR person IS NULL OR NOT list_contains($no_people, person))
    AND ($no_accounts IS NULL OR account IS NULL OR NOT list_contains($no_accounts, account))
    AND ($no_categories IS NULL OR category IS NULL OR NOT list_contains($no_categories, category))
    AND ($no_sources IS NULL OR source IS NULL OR NOT list_contains($no_sources, source))
    AND ($no_tests IS NULL OR test IS NULL OR NOT list_contains($no_tests, test))
    AND ($no_pairs IS NULL OR pair IS NULL OR NOT list_contains($no_pairs, pair))
    AND ($currency IS NULL OR currency = $currency)
    AND ($over IS NULL OR (value > $over AND ($money IS NULL OR currency = $money)))
    AND ($under IS NULL OR (value < $under AND ($money IS NULL OR currency = $money)))
    AND (NOT $named OR CASE $by WHEN 'vendor' THEN vendor WHEN 'person' THEN person WHEN 'account' THEN account
      WHEN 'category' THEN category ELSE '' END IS NOT NULL)
)
