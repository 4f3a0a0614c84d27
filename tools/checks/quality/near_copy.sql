-- near_copy: about the same amount, same vendor and person, within a few days
-- purpose: the same purchase claimed again with a corrected amount; honest books have such pairs too, so that
--   this alone never makes a flag
-- needs: posted_on, amount_minor, vendor_key
-- kinds: card, receipt
-- params: score = 40, within = 0.05, days = 3, most = 6, usual_days = 3
-- scores: $score (40), under what makes a suspect; nothing where the person has more than $most (6) postings at
--   the vendor in those days, of which some are near each other by chance
-- source: Nigrini, Forensic Analytics (2011), chapter 12 (same-same-different test)
WITH posting AS (
    SELECT row_key, scope, source, txn_id, vendor_key, coalesce(person_id, person_name) AS person, posted_day,
           amount_minor, content_hash, lpad(coalesce(txn_id, ''), 40, ' ') || row_key AS place,
           CAST(floor(posted_day / CAST($days + 1 AS DOUBLE)) AS BIGINT) AS bucket
    FROM txn
    WHERE kind IN ('card', 'receipt') AND (person_id IS NOT NULL OR person_name IS NOT NULL) AND vendor_key IS NOT NULL
      AND amount_minor <> 0
), habit AS (
    SELECT source, vendor_key, person, bucket, count(*) AS n
    FROM posting
    GROUP BY source, vendor_key, person, bucket
    HAVING count(*) <= $most
), rare AS (
    SELECT p.*, h.n
    FROM posting p
    JOIN habit h
      ON h.source = p.source AND h.vendor_key = p.vendor_key AND h.person = p.person AND h.bucket = p.bucket
), near AS (
    SELECT l.row_key, l.scope, l.source, l.vendor_key, l.amount_minor, f.row_key AS partner_key,
           l.posted_day - f.posted_day AS days_apart,
           CAST(abs(l.amount_minor - f.amount_minor) AS DOUBLE) / abs(f.amount_minor) AS share
    FROM rare l
    JOIN (SELECT *, bucket AS seen_from FROM rare UNION ALL SELECT *, bucket + 1 FROM rare) f
      ON f.source = l.source AND f.vendor_key = l.vendor_key AND f.person = l.person
     AND f.seen_from = l.bucket
    WHERE l.posted_day - f.posted_day BETWEEN 0 AND $days
      AND (l.posted_day > f.posted_day OR l.place > f.place)
      AND (l.bucket = f.bucket OR l.n + f.n <= $most)
      AND abs(l.amount_minor - f.amount_minor) <= $within * abs(f.amount_minor)
      AND l.content_hash <> f.content_hash
      AND (l.txn_id IS NULL OR f.txn_id IS NULL OR l.txn_id <> f.txn_id)
), nearest AS (
    SELECT *, row_number() OVER (PARTITION BY row_key ORDER BY share, days_apart, partner_key) AS place
    FROM near
), usual AS (
    SELECT p.source, p.vendor_key, p.amount_minor
    FROM posting p
    JOIN (SELECT DISTINCT source, vendor_key, amount_minor FROM nearest WHERE place = 1 AND share = 0) n
      ON n.source = p.source AND n.vendor_key = p.vendor_key AND n.amount_minor = p.amount_minor
    GROUP BY p.source, p.vendor_key, p.amount_minor
    HAVING count(DISTINCT p.posted_day) > $usual_days
)
SELECT n.row_key, n.scope, $score AS score,
       'same vendor and person ' || n.days_apart || ' days before, amounts '
       || CAST(CAST(100.0 * n.share + 0.000001 AS DECIMAL(18, 2)) AS VARCHAR) || '% apart' AS observed,
       'more than ' || $days || ' days or ' || CAST(CAST(floor(100 * $within + 0.5) AS INTEGER) AS VARCHAR) || '% apart' AS threshold,
       'source ' || n.source AS population, n.partner_key, 'amount_minor' AS field
FROM nearest n
LEFT JOIN usual u ON u.source = n.source AND u.vendor_key = n.vendor_key AND u.amount_minor = n.amount_minor
WHERE n.place = 1 AND (n.share > 0 OR u.amount_minor IS NULL)
