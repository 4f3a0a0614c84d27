-- aliases: what confident matches call one vendor, where nobody else is called so
INSERT INTO learned_alias BY NAME
WITH pair AS (
    SELECT m.pair, said_words(l.vendor_key, l.description) AS alias_key, r.vendor_key, m.confidence
    FROM "match" m JOIN posting l ON l.row_key = m.left_key JOIN posting r ON r.row_key = m.right_key
    WHERE m.kind <> 'offset' AND m.pass <> 'statement' AND m.difference_reason IS DISTINCT FROM 'wrong_party'
    UNION ALL
    SELECT m.pair, said_words(NULL, r.description), l.vendor_key, m.confidence
    FROM "match" m JOIN posting l ON l.row_key = m.left_key JOIN posting r ON r.row_key = m.right_key
    WHERE m.kind <> 'offset' AND m.pass <> 'statement' AND m.difference_reason IS DISTINCT FROM 'wrong_party'
      AND r.vendor_key IS NULL
), tied AS (
    SELECT pair, alias_key, vendor_key, count(*) AS times, avg(confidence) AS confidence,
           min(confidence) AS least
    FROM pair WHERE alias_key IS NOT NULL AND vendor_key IS NOT NULL
    GROUP BY pair, alias_key, vendor_key
), ranked AS (
    SELECT t.*, sum(times) OVER (PARTITION BY pair, alias_key) AS whole FROM tied t
)
SELECT pair, alias_key, vendor_key, times, confidence FROM ranked
WHERE alias_key <> vendor_key AND times >= $least AND times >= $share * whole AND confidence >= $sure
