-- uncertain_match: rows matched with little confidence
-- purpose: the evidence is thin, or another row fits nearly as well: look for documents before relying on it
-- needs: pair.rows
-- params: score = 40, under = 0.7
-- scores: $score (40): weak; it weighs only with something else
-- source: Fellegi and Sunter, "A Theory for Record Linkage" (1969): the clerical review region
SELECT m.left_key AS row_key, $score AS score, 'confidence ' || round(CAST(m.confidence AS DECIMAL(6, 3)), 2) AS observed,
       $under AS threshold, coalesce(c.population, m.pair) AS population, m.right_key AS partner_key
FROM "match" m
LEFT JOIN compared c ON c.pair = m.pair AND c.side = 'matched'
WHERE m.confidence < $under AND m.pass <> 'statement'
