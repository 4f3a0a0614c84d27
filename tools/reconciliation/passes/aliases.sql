-- aliases: vendor names that confident matches tie to one vendor of another name
WITH pair AS (
    SELECT m.pair, coalesce(l.vendor_name, trim(regexp_replace(l.description, '[0-9#*]+', ' ', 'g'))) AS said,
           r.vendor_name AS means, r.vendor_id
    FROM "match" m
    JOIN posting l ON l.row_key = m.left_key
    JOIN posting r ON r.row_key = m.right_key
    WHERE m.confidence >= $sure AND m.kind <> 'offset' AND m.pass <> 'statement'
      AND (m.difference_reason IS NULL OR m.difference_reason <> 'wrong_party')
      AND r.vendor_name IS NOT NULL AND l.vendor_key IS DISTINCT FROM r.vendor_key
), tied AS (
    SELECT pair, said, means, vendor_id, count(*) AS times FROM pair GROUP BY ALL
), ranked AS (
    SELECT t.*, sum(times) OVER (PARTITION BY pair, said) AS whole FROM tied t
)
SELECT pair, said, means, vendor_id, times FROM ranked WHERE times >= $share * whole
ORDER BY pair, said, means
