-- repeated_content: two rows of one source agree in every value but their id
-- purpose: a transaction keyed or exported again under a new id (or where the source has none); an amount that
--   this vendor charges again and again (a toll, a fare, a fee) is only a hint
-- needs: posted_on, amount_minor
-- params: score = 80, usual_score = 40, usual_days = 3
-- scores: $score (80); $usual_score (40) when the vendor charged this amount on $usual_days (3) other days
-- source: Nigrini, Forensic Analytics (2011), chapter 12 (same-same-same test)
WITH crowd AS (
    SELECT hash(content_hash) AS hash
    FROM txn
    WHERE content_hash IS NOT NULL
    GROUP BY hash(content_hash)
    HAVING count(*) > 1
), copy AS (
    SELECT t.row_key, t.scope, t.source, t.txn_id, t.vendor_key, t.amount_minor, t.posted_day,
           first_value(t.row_key) OVER same AS first_key, first_value(t.txn_id) OVER same AS first_id
    FROM txn t
    JOIN crowd c ON c.hash = hash(t.content_hash)
    WHERE t.amount_minor <> 0 AND t.content_hash IS NOT NULL
    WINDOW same AS (
        PARTITION BY t.source, t.content_hash
        ORDER BY CASE t.scope WHEN 'window' THEN 1 ELSE 0 END, length(t.txn_id), t.txn_id, t.row_key
    )
), usual AS (
    SELECT t.source, t.vendor_key, t.amount_minor, count(DISTINCT t.posted_day) AS days
    FROM txn t
    JOIN (SELECT DISTINCT source, vendor_key, amount_minor FROM copy) c
      ON c.source = t.source AND c.vendor_key = t.vendor_key AND c.amount_minor = t.amount_minor
    GROUP BY t.source, t.vendor_key, t.amount_minor
)
SELECT c.row_key, c.scope,
       CASE WHEN u.days > $usual_days THEN $usual_score ELSE $score END AS score,
       'same content as another row' || CASE
           WHEN u.days > $usual_days THEN '; this amount on ' || u.days || ' days' ELSE '' END AS observed,
       'one row for each content' AS threshold, 'source ' || c.source AS population, c.first_key AS partner_key
FROM copy c
LEFT JOIN usual u ON u.source = c.source AND u.vendor_key = c.vendor_key AND u.amount_minor = c.amount_minor
WHERE c.row_key <> c.first_key AND (c.txn_id IS NULL OR c.first_id IS NULL OR c.txn_id <> c.first_id)
