-- What is looked for on behalf of each suspect: terms with the part that they play.
CREATE OR REPLACE TEMP TABLE asked AS
WITH texts AS (
    SELECT row_key, posted_day, 'identifier' AS part,
           lower(concat_ws(' ', txn_id, invoice_no, reference, linked_id, description)) AS text
    FROM suspected
    UNION ALL
    SELECT row_key, posted_day, 'vendor', lower(concat_ws(' ', vendor_key, vendor_name)) FROM suspected
    UNION ALL
    SELECT row_key, posted_day, 'person', lower(person_name) FROM suspected WHERE person_name IS NOT NULL
),
terms AS (
    SELECT DISTINCT row_key, posted_day, part,
           unnest(list_concat(
               regexp_extract_all(text, '[a-z0-9]+(?:[.\-/_#][a-z0-9]+)+'), regexp_extract_all(text, '[a-z0-9]+')
           )) AS term
    FROM texts
)
SELECT row_key, posted_day, part, term
FROM terms
WHERE (part = 'identifier' AND length(term) >= 4 AND regexp_matches(term, '[0-9]')
       AND NOT regexp_matches(term, '^(19|20)[0-9]{2}(-[0-9]{2}){0,2}$'))
   OR (part <> 'identifier' AND length(term) >= 3 AND NOT list_contains($common, term))
UNION
SELECT row_key, posted_day, 'amount', unnest([amount_text, rtrim(rtrim(amount_text, '0'), '.')])
FROM suspected
WHERE amount_text IS NOT NULL
