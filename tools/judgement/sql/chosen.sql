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
),
robbed AS (
    -- An original that lacks only what its flagged copy was matched with: the copy is the suspect.
    SELECT b.row_key
    FROM signal copy
    JOIN break_result b ON b.row_key = copy.partner_key
    LEFT JOIN break_result other ON other.row_key = copy.row_key AND other.pair = b.pair
    WHERE copy.strong AND copy.family = 'duplicate'
    GROUP BY b.row_key, b.pair
    HAVING count(other.row_key) < count(*)
),
only_broken AS (
    SELECT row_key
    FROM signal
    GROUP BY row_key
    HAVING bool_and(NOT strong OR "check" = 'reconciliation')
)
SELECT row_key, families, NOT strong AS weak_only,
       CAST(CASE WHEN strong THEN strongest ELSE least(100, weak) END AS INTEGER) AS score
FROM by_row
WHERE (strong OR (weak_families >= 2 AND weak > $weak_together))
  AND NOT (row_key IN (SELECT row_key FROM robbed) AND row_key IN (SELECT row_key FROM only_broken))
