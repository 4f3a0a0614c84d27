-- not_read: rows whose other side is there, and could not be read: a rejected line holds the number that links them
UPDATE break SET reason = 'not_read', why_not = 'line ' || r.line || ' of ' || r.file || ' names it and could not be read'
FROM (
    SELECT t.row_key, w.side, min(w.file) AS file, min(w.line) AS line
    FROM (
        SELECT CASE source WHEN $left THEN 'right' ELSE 'left' END AS side, file, line,
               unnest(string_split_regex(raw, '[^A-Za-z0-9_./-]+')) AS word
        FROM rejected
        WHERE source IN ($left, $right)
    ) w
    JOIN posting t ON t.source = CASE w.side WHEN 'left' THEN $left ELSE $right END AND w.word IN (t.txn_id, t.linked_id)
    WHERE w.word <> ''
    GROUP BY t.row_key, w.side
) r
WHERE break.pair = $pair AND break.row_key = r.row_key AND break.side = r.side
    AND break.reason IN ('missing', 'missing_receipt', 'timing', 'later_period')
