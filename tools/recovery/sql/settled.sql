-- Invoices of ours that were settled by a day, with the days that each took from its date.
SELECT party_key, date_diff('day', dated_on, settled_on) AS days,
       coalesce(lower(disputed), '') IN ('yes', 'true', '1', 'y') AS is_disputed
FROM receivable
WHERE settled_on IS NOT NULL AND dated_on IS NOT NULL AND settled_on <= $as_of AND settled_on >= dated_on
ORDER BY party_key, settled_on, document
