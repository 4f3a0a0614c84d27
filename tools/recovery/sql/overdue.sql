-- Invoices of ours that are past due and not settled, with what is still open of each; and credits that are open (below 0),
-- whenever they are due: they are set off.
SELECT document, party_id, party_name, party_key, dated_on, due_on, amount_minor - coalesce(paid_minor, 0) AS open_minor,
       currency, coalesce(lower(disputed), '') IN ('yes', 'true', '1', 'y') AS is_disputed, file, line
FROM receivable
WHERE settled_on IS NULL
    AND ((due_on < $past AND amount_minor > coalesce(paid_minor, 0))
         OR (amount_minor < 0 AND amount_minor < coalesce(paid_minor, 0)))
ORDER BY party_key, currency, due_on, document
