-- What in the threads that some row is spoken of in could be a yes, or take one back.
CREATE OR REPLACE TEMP TABLE telling AS
SELECT DISTINCT e.doc_id, p.thread_id, CAST(e.sent_at AS VARCHAR) AS sent_at, e.sender, e.body
FROM paper p
SEMI JOIN (
    SELECT p.thread_id
    FROM linked l
    JOIN paper p ON p.doc = l.doc
    WHERE l.kind = 'email' AND l.link <> 'names the vendor'
) t ON t.thread_id = p.thread_id
JOIN email e ON e.doc_id = p.doc_id
WHERE p.kind = 'email' AND regexp_matches(e.body, $tells, 'i')
