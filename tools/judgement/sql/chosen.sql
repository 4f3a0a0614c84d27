-- Rows that are suspects: by one strong finding, or by weak ones of several families together.
CREATE OR REPLACE TEMP TABLE chosen AS
WITH by_family AS (
    SELECT row_key, family, max(score) AS score, bool_or(strong) AS strong
    FROM signal
    GROUP BY row_key, family
),
by_row AS (
    SELECT row_key,
           count(*) AS families,
           bool_or(strong) AS strong,
           coalesce(max(score) FILTER (WHERE strong), 0) AS strongest,
           sum(score) FILTER (WHERE NOT strong) AS weak,
           count(*) FILTER (WHERE NOT strong AND score > 0) AS weak_families
    FROM by_family
    GROUP BY row_key
)
SELECT row_key, families, NOT strong AS weak_only,
       CAST(CASE WHEN strong THEN strongest ELSE least(100, weak) END AS INTEGER) AS score
FROM by_row
WHERE strong OR (weak_families >= 2 AND weak > $weak_together)
