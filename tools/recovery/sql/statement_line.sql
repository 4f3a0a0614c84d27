-- Lines of each party's newest statement, with the row of ours that bears the same number.
WITH newest AS (
    SELECT party_key, max(stated_on) AS stated_on FROM statement GROUP BY party_key
), line AS (
    SELECT s.*, regexp_replace(upper(coalesce(s.document, '')), '[^A-Z0-9]', '', 'g') AS number,
           regexp_replace(upper(coalesce(s.applied_to, '')), '[^A-Z0-9]', '', 'g') AS applied_number
    FROM statement s
    JOIN newest n ON n.party_key = s.party_key AND n.stated_on IS NOT DISTINCT FROM s.stated_on
)
SELECT l.party_id, l.party_name, l.party_key, l.document, l.entry, l.applied_to, l.dated_on, l.stated_on, l.amount_minor,
       l.currency, l.number, l.applied_number, l.file, l.line
FROM line l
ORDER BY l.party_key, l.dated_on, l.document
