-- numbers: the identifying numbers on open rows, three digits or more, leading zeros dropped
WITH said AS (
    SELECT side, id, unnest(regexp_extract_all(concat_ws(' ', description, reference, invoice_no), '[0-9]{3,}'))
               AS number
    FROM wide w SEMI JOIN open o ON o.side = w.side AND o.id = w.id
), known AS (
    SELECT DISTINCT side, id, coalesce(nullif(ltrim(number, '0'), ''), number) AS number FROM said
)
SELECT side, id, dense_rank() OVER (ORDER BY number) - 1 AS number
FROM known
SEMI JOIN (SELECT number FROM known GROUP BY number HAVING count(*) > 1) twice USING (number)
