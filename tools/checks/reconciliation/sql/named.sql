-- named: rows matched one against one, with what either says of its party
WITH pair AS (
    SELECT c.rowid AS claim, l.id AS l_id, r.id AS r_id, l.name IS NOT NULL AND r.name IS NOT NULL AS named,
           kl.name IS NOT NULL AS l_known, kr.name IS NOT NULL AS r_known
    FROM claim c
    JOIN item l ON l.side = 0 AND l.id = c.left_id
    JOIN item r ON r.side = 1 AND r.id = c.right_id
    LEFT JOIN shared kl ON kl.name = l.name
    LEFT JOIN shared kr ON kr.name = r.name
    WHERE c.side IS NULL AND c.kind = '1:1' AND c.reason IS NULL
      AND ((l.name = r.name) IS NOT TRUE) AND ($all OR kl.name IS NOT NULL OR kr.name IS NOT NULL)
)
SELECT p.claim, p.named, p.l_known, p.r_known, concat_ws(' ', l.vendor_name, l.description) AS l_text,
       concat_ws(' ', r.vendor_name, r.description) AS r_text
FROM pair p
JOIN posting l ON l.id = p.l_id
JOIN posting r ON r.id = p.r_id
