-- What must not leave of what these books know, where $text (lower case, without accents) has all its words.
-- People and clients are known by each of their words, vendors by their first; $own words are nobody's.
WITH written AS (
    SELECT 'PERSON' AS label, person_name AS name FROM employee
    UNION ALL SELECT 'PERSON', person_id FROM employee
    UNION ALL SELECT 'PERSON', person_name FROM txn
    UNION ALL SELECT 'PERSON', created_by FROM txn
    UNION ALL SELECT 'PERSON', approved_by FROM txn
    UNION ALL SELECT 'CLIENT', client_name FROM client
    UNION ALL SELECT 'VENDOR', vendor_name FROM vendor
    UNION ALL SELECT 'VENDOR', vendor_name FROM txn
    UNION ALL SELECT 'VENDOR', vendor_key FROM txn
    UNION ALL SELECT 'PERSON', unnest(regexp_extract_all(
        concat_ws(';', sender, recipients), '([^<>,;"]+?)["\s]*<', 1)) FROM email
    UNION ALL SELECT 'PERSON', unnest(string_split_regex(attendees, '[,;]')) FROM event
    UNION ALL SELECT 'ACCOUNT', bank_account FROM vendor
    UNION ALL SELECT 'ACCOUNT', tax_id FROM vendor
    UNION ALL SELECT 'ACCOUNT', bank_account FROM employee
    UNION ALL SELECT 'ACCOUNT', tax_id FROM employee
    UNION ALL SELECT 'ACCOUNT', bank_account FROM txn
),
known AS (SELECT DISTINCT label, name FROM written WHERE name IS NOT NULL),
parts AS (
    SELECT label, name FROM known
    UNION ALL
    SELECT label, word
    FROM (
        SELECT label, unnest(string_split(name, ' ')) AS word
        FROM known
        WHERE label IN ('PERSON', 'CLIENT')
        UNION ALL
        SELECT label, string_split(name, ' ')[1] FROM known WHERE label = 'VENDOR'
    )
    WHERE NOT list_contains($own, lower(trim(word, ' ,.;:')))
)
SELECT DISTINCT label, trim(name, ' ,.;:') AS name FROM parts
WHERE length(trim(name, ' ,.;:')) >= 3
  AND len(list_filter(
      string_split_regex(strip_accents(lower(name)), '[^\p{L}\p{N}]+'), lambda word: NOT contains($text, word)
  )) = 0
