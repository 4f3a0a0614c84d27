-- Suspects that repeat a row which the bank has, and that the bank itself has not: entered twice, paid once.
CREATE OR REPLACE TEMP TABLE paid_once AS
WITH banked AS (
    SELECT m.pair, m.left_key AS row_key
    FROM match_result m
    JOIN txn t ON t.row_key = m.right_key AND t.kind = 'bank'
    SEMI JOIN suspect s ON s.partner_key = m.left_key
    UNION
    SELECT m.pair, m.right_key
    FROM match_result m
    JOIN txn t ON t.row_key = m.left_key AND t.kind = 'bank'
    SEMI JOIN suspect s ON s.partner_key = m.right_key
)
SELECT DISTINCT s.row_key
FROM suspect s
JOIN banked k ON k.row_key = s.partner_key
JOIN break_result b ON b.row_key = s.row_key AND b.pair = k.pair
WHERE s.family = 'duplicate' AND s.kind IN ('payment', 'ledger') AND b.reason IN ('duplicate', 'missing')
