-- malformed_card: card digits that are not four, or that their holder has on this row alone
-- purpose: a card number that was mistyped or cut elsewhere cannot be matched to its statement
-- needs: card_last4
-- params: score = 50, fewest = 10
-- scores: $score (50): a hint; of a holder's rows at least $fewest (10) bear another number, and nobody else's do
-- source: ISO/IEC 7812-1 (card numbers are digits); DAMA-DMBOK2, chapter 13 (validity, consistency)
WITH holders AS (
    SELECT source, coalesce(person_id, person_name) AS person, card_last4, count(*) AS n, min(row_key) AS only_key
    FROM txn
    WHERE card_last4 IS NOT NULL
    GROUP BY source, coalesce(person_id, person_name), card_last4
), usual AS (
    SELECT source, person, max(n) AS n FROM holders WHERE person IS NOT NULL GROUP BY source, person
), lone AS (
    SELECT h.only_key
    FROM holders h
    JOIN usual u ON u.source = h.source AND u.person = h.person
    LEFT JOIN holders o ON o.source = h.source AND o.card_last4 = h.card_last4 AND o.person <> h.person
    WHERE h.n = 1 AND u.n >= $fewest AND o.card_last4 IS NULL
)
SELECT t.row_key, t.scope, $score AS score, t.card_last4 AS observed,
       'four digits that the holder has elsewhere' AS threshold, 'source ' || t.source AS population,
       'card_last4' AS field
FROM txn t
LEFT JOIN lone l ON l.only_key = t.row_key
WHERE t.card_last4 IS NOT NULL
  AND (l.only_key IS NOT NULL OR length(t.card_last4) <> 4
       OR trim(translate(t.card_last4, '0123456789', '          ')) <> '')
