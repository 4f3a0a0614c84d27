-- Everything that can be searched, as text: one row a document.
-- Thousands separators go, so that an amount is one token however it was written.
CREATE OR REPLACE TEMP TABLE document AS
WITH written AS (
    SELECT doc_id, 'email' AS kind, coalesce(thread_id, doc_id) AS thread_id, sender AS who,
           CAST(sent_at AS DATE) AS day, CAST(sent_at AS VARCHAR) AS dated,
           concat_ws(' ', subject, sender, recipients, body) AS text,
           concat_ws(': ', subject, body) AS shown
    FROM email
    UNION ALL
    SELECT doc_id, 'calendar', doc_id, attendees, CAST(starts_at AS DATE), CAST(starts_at AS VARCHAR),
           concat_ws(' ', title, attendees, location), concat_ws(', ', title, location, attendees)
    FROM event
)
SELECT row_number() OVER (ORDER BY kind, doc_id, dated, shown) AS doc, *,
       date_diff('day', DATE '1970-01-01', day) AS day_number,
       lower(regexp_replace(
           regexp_replace(text, '(\d)\.(\d{3}),(\d{2})', '\1\2.\3', 'g'),
           '(\d),(\d{3})', '\1\2', 'g')) AS plain
FROM written
WHERE doc_id IS NOT NULL
