-- Mails and documents of the time of some suspect, the latest first: what may be compared by meaning.
SELECT p.doc, p.doc_id, p.kind, p.dated, p.day_number, p.shown
FROM paper p
WHERE p.kind IN ('email', 'document') AND length(p.shown) > 0
  AND (p.kind = 'document' OR EXISTS (
      SELECT 1 FROM (SELECT DISTINCT posted_day FROM suspected WHERE posted_day IS NOT NULL) s
      WHERE p.day_number BETWEEN s.posted_day - $days_before AND s.posted_day + $days_after))
ORDER BY p.kind = 'document' DESC, p.day_number DESC, p.doc
LIMIT $most
