-- The best documents of each kind for each row, by BM25 (Robertson and Zaragoza 2009, k1 = 1.2, b = 0.75) over
-- the terms asked for; those that only name the vendor come last.
CREATE OR REPLACE TEMP TABLE hit AS
WITH sizes AS (
    SELECT doc, size, count(*) OVER () AS docs, greatest(1, avg(size) OVER ()) AS usual
    FROM paper
),
known AS (SELECT c.*, count(*) OVER (PARTITION BY c.term) AS holding FROM counted c),
scored AS (
    SELECT l.row_key, l.doc, l.kind, l.link,
           arg_min(a.term, (a.person, a.vendor, -length(a.term), a.term)) AS term,
           sum(ln(1 + (z.docs - k.holding + 0.5) / (k.holding + 0.5))
               * k.n * 2.2 / (k.n + 1.2 * (0.25 + 0.75 * z.size / z.usual))) AS score
    FROM linked l
    JOIN sizes z ON z.doc = l.doc
    JOIN asked a ON a.row_key = l.row_key
    JOIN known k ON k.doc = l.doc AND k.term = a.term
    GROUP BY l.row_key, l.doc, l.kind, l.link
)
SELECT *, row_number() OVER (
    PARTITION BY row_key, kind
    ORDER BY CASE link WHEN 'names the vendor' THEN 1 ELSE 0 END, round(score, 9) DESC, doc
) AS place
FROM scored
QUALIFY place <= $hits
