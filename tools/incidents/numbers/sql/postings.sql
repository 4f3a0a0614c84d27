SELECT coalesce(vendor_key, '') AS vendor, coalesce(category, '') AS category,
       coalesce(person_name, created_by, '') AS person, coalesce(account, '') AS account,
       source, kind, coalesce(created_by, '') AS created_by, coalesce(approved_by, '') AS approved_by,
       coalesce(status, '') AS status, row_key,
       hash(source, vendor_key, category, person_name, account, reference, description, posted_on, amount_minor) AS content,
       epoch(posted_on)::DOUBLE AS at, amount_minor::DOUBLE AS amount, 1.0::DOUBLE AS one
FROM txn
WHERE kind IN (SELECT unnest($kinds::VARCHAR[])) AND currency = $currency
  AND posted_on IS NOT NULL AND amount_minor IS NOT NULL
  AND ($sign = 0 OR sign(amount_minor) = $sign)
