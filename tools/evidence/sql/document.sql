-- Everything that can be searched, as text: one row a document. `shown` is what spans count in.
-- Thousands separators go, so that an amount is one token however it was written.
CREATE OR REPLACE TEMP TABLE paper AS
WITH written AS (
    SELECT doc_id, 'email' AS kind, coalesce(thread_id, doc_id) AS thread_id,
           CAST(sent_at AS DATE) AS day, CAST(sent_at AS VARCHAR) AS dated,
           concat_ws(' ', subject, sender, recipients, body, attachments) AS text,
           concat_ws(chr(10), subject, body, attachments) AS shown
    FROM email
    UNION ALL
    SELECT doc_id, 'calendar', doc_id, CAST(starts_at AS DATE), CAST(starts_at AS VARCHAR),
           concat_ws(' ', title, attendees, location), concat_ws(', ', title, location, attendees)
    FROM event
    UNION ALL
    SELECT doc_id, 'document', doc_id, dated_on, CAST(dated_on AS VARCHAR),
           concat_ws(' ', doc_id, title, text), text
    FROM "document"
),
plain AS (
    SELECT *, lower(regexp_replace(
                  regexp_replace(text, '(\d)\.(\d{3}),(\d{2})', '\1\2.\3', 'g'),
                  '(\d),(\d{3})', '\1\2', 'g')) AS plain
    FROM written
    WHERE doc_id IS NOT NULL
),
split AS (
    SELECT *, regexp_extract_all(plain, '[a-z0-9]+') AS words,
           regexp_extract_all(plain, '[a-z0-9]+(?:[.\-/_#][a-z0-9]+)+') AS joined
    FROM plain
)
SELECT row_number() OVER (ORDER BY kind, doc_id, dated, sha256(shown)) AS doc, doc_id, kind, thread_id, dated, shown,
       date_diff('day', DATE '1970-01-01', day) AS day_number, len(words) + len(joined) AS size,
       list_concat(words, joined, [regexp_replace(w, '[.\-/_#]', '', 'g') FOR w IN joined
                                   IF regexp_matches(w, '[a-z]') AND regexp_matches(w, '[0-9]')]) AS tokens
FROM split
