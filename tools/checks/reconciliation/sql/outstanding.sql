-- outstanding: the largest open rows of one side
SELECT w.txn_id, w.row_key, w.amount, w.day, w.money AS currency, coalesce(w.vendor_name, w.description) AS text
FROM wide w SEMI JOIN open o ON o.side = w.side AND o.id = w.id
WHERE w.side = $side AND w.currency = $code
ORDER BY abs(w.amount) DESC, w.row_key
LIMIT $most
