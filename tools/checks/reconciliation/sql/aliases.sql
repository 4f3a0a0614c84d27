-- aliases: what confident matches call one vendor, where nobody else is called so
INSERT INTO learned_alias BY NAME
WITH pair AS (
    SELECT c.pair, l.vendor_key AS l_key, l.description AS l_text, r.vendor_key AS r_key,
           CASE WHEN r.vendor_key IS NULL THEN r.description END AS r_text, count(*) AS times,
           sum(c.confidence) AS confidence
    FROM settled c JOIN posting l ON l.id = c.left_id JOIN posting r ON r.id = c.right_id
    WHERE c.kind <> 'offset' AND c.pass <> 'statement' AND c.reason IS DISTINCT FROM 'wrong_party'
    GROUP BY ALL
), spelling AS (
    SELECT pair, party_words(l_key, l_text) AS alias_key, r_key AS vendor_key, times, confidence
    FROM pair WHERE r_key IS NOT NULL
    UNION ALL
    SELECT pair, party_words(NULL, r_text), l_key, times, confidence
    FROM pair WHERE r_key IS NULL AND l_key IS NOT NULL
), tied AS (
    SELECT pair, alias_key, vendor_key, CAST(sum(times) AS BIGINT) AS times, sum(confidence) / sum(times) AS confidence
    FROM spelling WHERE alias_key IS NOT NULL
    GROUP BY pair, alias_key, vendor_key
), ranked AS (
    SELECT t.*, sum(times) OVER (PARTITION BY pair, alias_key) AS whole FROM tied t
)
SELECT pair, alias_key, vendor_key, times, confidence FROM ranked
WHERE alias_key <> vendor_key AND times >= $least AND times >= $share * whole AND confidence >= $sure
