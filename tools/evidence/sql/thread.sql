-- The messages that name a row (or its amount with vendor or person), in threads where some message could be a
-- yes: all of them, so that no number of other documents hides an approval.
SELECT DISTINCT l.row_key, p.thread_id, l.link, e.doc_id, CAST(e.sent_at AS VARCHAR) AS sent_at, e.sender
FROM linked l
JOIN paper p ON p.doc = l.doc
SEMI JOIN telling t ON t.thread_id = p.thread_id
JOIN email e ON e.doc_id = p.doc_id
WHERE l.kind = 'email' AND l.link <> 'names the vendor'
ORDER BY l.row_key, p.thread_id, sent_at, e.doc_id
