-- What is looked for on behalf of each suspect: terms, each with the parts that it plays.
-- An identifier is the row's own number and rare by its form; a number is short, or out of a memo.
CREATE OR REPLACE TEMP TABLE asked AS
WITH texts AS (
    SELECT row_key, posted_day, 'identifier' AS part,
           lower(concat_ws(' ', txn_id, invoice_no, reference, linked_id)) AS text
    FROM suspected
    UNION ALL
    SELECT row_key, posted_day, 'number', lower(description) FROM suspected WHERE description IS NOT NULL
    UNION ALL
    SELECT row_key, posted_day, 'vendor', lower(concat_ws(' ', vendor_key, vendor_name)) FROM suspected
    UNION ALL
    SELECT row_key, posted_day, 'person', lower(person_name) FROM suspected WHERE person_name IS NOT NULL
),
split AS (
    SELECT *, regexp_extract_all(text, '[a-z0-9]+') AS words,
           regexp_extract_all(text, '[a-z0-9]+(?:[.\-/_#][a-z0-9]+)+') AS joined
    FROM texts
),
terms AS (
    SELECT row_key, posted_day, part,
           unnest(list_concat(words, joined, [regexp_replace(w, '[.\-/_#]', '', 'g') FOR w IN joined
                                              IF regexp_matches(w, '[a-z]')])) AS term
    FROM split
),
weighed AS (
    SELECT row_key, posted_day, term, part,
           length(term) >= 4 AND regexp_matches(term, '[0-9]')
           AND NOT regexp_matches(term, '^(19|20)[0-9]{2}([-/.][0-9]{1,2}){0,2}$')
           AND NOT regexp_matches(term, '^[0-9]{1,2}[-/.][0-9]{1,2}[-/.]([0-9]{2}|[0-9]{4})$') AS numbered,
           regexp_matches(term, '^[0-9]{6,}$')
           OR (length(term) >= 5 AND regexp_matches(term, '[a-z]') AND regexp_matches(term, '[0-9].*[0-9]'))
           OR (length(term) >= 6 AND regexp_matches(term, '^[0-9]+([-/_#][0-9]+)+$')) AS rare
    FROM terms
),
played AS (
    SELECT row_key, posted_day, term,
           CASE WHEN part IN ('vendor', 'person') THEN part
                WHEN part = 'identifier' AND rare THEN 'identifier'
                ELSE 'number' END AS part
    FROM weighed
    WHERE CASE WHEN part IN ('vendor', 'person') THEN length(term) >= 3 AND NOT list_contains($common, term)
               ELSE numbered END
    UNION ALL
    SELECT row_key, posted_day, term, 'amount'
    FROM (
        SELECT row_key, posted_day, unnest([amount_text, rtrim(rtrim(amount_text, '0'), '.')]) AS term, amount_text
        FROM suspected
        WHERE amount_text IS NOT NULL
    )
    WHERE term = amount_text OR length(term) >= 4  -- "Acme, 5 boards" is not 5.00
)
SELECT row_key, posted_day, term, bool_or(part = 'identifier') AS identifier, bool_or(part = 'amount') AS amount,
       bool_or(part = 'number') AND NOT bool_or(part = 'amount') AS number, bool_or(part = 'vendor') AS vendor,
       bool_or(part = 'person') AS person
FROM played
GROUP BY row_key, posted_day, term
