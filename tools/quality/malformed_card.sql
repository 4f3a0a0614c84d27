-- malformed_card: the last four digits of a card are not four digits
-- purpose: a card number that lost its leading zero or was cut elsewhere cannot be matched to its holder
-- needs: card_last4
-- params: score = 50
-- scores: $score (50): a hint
-- source: ISO/IEC 7812-1 (card numbers are digits); DAMA-DMBOK2, chapter 13 (validity)
SELECT row_key, scope, $score AS score, card_last4 AS observed, 'four digits' AS threshold,
       'source ' || source AS population, 'card_last4' AS field
FROM txn
WHERE length(card_last4) <> 4 OR trim(translate(card_last4, '0123456789', '          ')) <> ''
