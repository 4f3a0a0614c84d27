SELECT 'vendor' AS kind, vendor_name AS name, vendor_key AS key, count(*) AS n, kind AS book FROM txn
  WHERE vendor_name IS NOT NULL GROUP BY ALL
UNION ALL SELECT 'vendor', vendor_name, vendor_key, 0, '' FROM vendor WHERE vendor_name IS NOT NULL
UNION ALL SELECT 'vendor', trim(unnest(string_split(aliases, ';'))), vendor_key, 0, '' FROM vendor WHERE aliases <> ''
UNION ALL SELECT 'vendor', party_name, party_key, 0, '' FROM receivable WHERE party_name IS NOT NULL
UNION ALL SELECT 'employee', person_name, person_id, 0, '' FROM employee
  WHERE person_name IS NOT NULL AND person_id IS NOT NULL
UNION ALL SELECT 'person', coalesce(person_name, person_id), coalesce(person_name, person_id), count(*), '' FROM txn
  WHERE coalesce(person_name, person_id) IS NOT NULL GROUP BY ALL
UNION ALL SELECT 'person', created_by, created_by, count(*), '' FROM txn WHERE created_by IS NOT NULL GROUP BY ALL
UNION ALL SELECT 'person', approved_by, approved_by, count(*), '' FROM txn WHERE approved_by IS NOT NULL GROUP BY ALL
UNION ALL SELECT 'account', account, account, count(*), '' FROM txn WHERE account IS NOT NULL GROUP BY ALL
UNION ALL SELECT 'account', account, account, count(*), '' FROM trial_balance WHERE account IS NOT NULL GROUP BY ALL
UNION ALL SELECT 'category', category, category, count(*), kind FROM txn WHERE category IS NOT NULL GROUP BY ALL
UNION ALL SELECT 'source', source, source, count(*), kind FROM txn GROUP BY ALL
UNION ALL SELECT 'currency', currency, currency, count(*), '' FROM txn WHERE currency IS NOT NULL GROUP BY ALL
UNION ALL SELECT 'pair', pair, pair, count(*), '' FROM matching GROUP BY ALL
