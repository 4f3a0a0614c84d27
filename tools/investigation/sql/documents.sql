-- Documents that hold the words asked for, the rarer a word the more it counts (after Robertson's idf).
WITH written AS (
    SELECT doc_id, 'email' AS kind, CAST(sent_at AS DATE) AS day, concat_ws(': ', subject, body, attachments) AS shown,
           concat_ws(' ', subject, sender, recipients, body, attachments) AS text
    FROM email
    UNION ALL
    SELECT doc_id, 'calendar', CAST(starts_at AS DATE), concat_ws(', ', title, location, attendees),
           concat_ws(' ', title, attendees, location)
    FROM event
    UNION ALL
    SELECT doc_id, 'document', dated_on, concat_ws(': ', title, text), concat_ws(' ', doc_id, title, text)
    FROM "document"
),
plain AS (SELECT *, lower(regexp_replace(text, '(\d),(\d{3})', '\1\2', 'g')) AS plain FROM written),
word AS (SELECT DISTINCT unnest(CAST($words AS VARCHAR[])) AS word),
held AS (SELECT w.word, d.* FROM word w JOIN plain d ON contains(d.plain, w.word)),
weight AS (SELECT word, ln(1 + (SELECT count(*) FROM written) / count(*)) AS idf FROM held GROUP BY word)
SELECT h.doc_id, h.kind, h.day, h.shown, min(h.word) AS word, sum(w.idf) AS score
FROM held h JOIN weight w USING (word)
WHERE h.doc_id IS NOT NULL
  AND (CAST($from_day AS DATE) IS NULL OR h.day >= CAST($from_day AS DATE))
  AND (CAST($to_day AS DATE) IS NULL OR h.day <= CAST($to_day AS DATE))
GROUP BY h.doc_id, h.kind, h.day, h.shown
ORDER BY score DESC, h.day DESC, h.doc_id
LIMIT $most
