-- Every message of the threads in which a hit names the row (or its amount with vendor or person).
SELECT DISTINCT h.row_key, h.link, d.doc_id, e.thread_id, e.sent_at, e.sender, e.subject, e.body
FROM (
    SELECT h.row_key, d.thread_id, min(h.link) AS link
    FROM hit h
    JOIN document d ON d.doc = h.doc
    WHERE h.kind = 'email' AND h.link <> 'names the vendor'
    GROUP BY h.row_key, d.thread_id
) h
JOIN document d ON d.kind = 'email' AND d.thread_id = h.thread_id
JOIN email e ON e.doc_id = d.doc_id
ORDER BY h.row_key, e.sent_at, d.doc_id
