-- ecod_ranking: unusual as a combination of amount, vendor and pause
-- purpose: an order in which to look at what else was found; it never makes a suspect alone. Off unless the rules
--   file says `ecod_ranking: {enabled: true}`
-- needs: amount_minor, posted_on
-- kinds: card, invoice, payment
-- params: enabled = false, top_share = 0.001, least_n = 100, score = 20, most_score = 35
-- scores: weak: $score (20) for the $top_share most unusual of each kind, rising to $most_score (35) for the first
-- history: 400
-- source: Li et al., ECOD: Unsupervised Outlier Detection Using Empirical Cumulative Distribution Functions (IEEE
--   TKDE, 2022): tail probabilities of each feature, added up as logarithms, left, right and by skew; the largest
WITH posting AS (
    SELECT row_key, kind, coalesce(vendor_id, vendor_key, '') AS vendor, posted_day,
           ln(CAST(amount_minor AS DOUBLE)) AS x
    FROM txn
    WHERE kind IN ('card', 'invoice', 'payment') AND amount_minor > 0 AND posted_day IS NOT NULL
), placed AS (
    SELECT row_key, kind, x, x - avg(x) OVER (PARTITION BY kind, vendor) AS apart,
           ln(CAST(count(*) OVER (PARTITION BY kind, vendor) AS DOUBLE)) AS often,
           ln(CAST(1 + coalesce(posted_day - lag(posted_day) OVER (
               PARTITION BY kind, vendor ORDER BY posted_day, row_key
           ), 400) AS DOUBLE)) AS pause
    FROM posting
), feature AS (
    SELECT row_key, kind, 'amount' AS name, CAST(x AS DECIMAL(18, 6)) AS x FROM placed
    UNION ALL
    SELECT row_key, kind, 'apart', CAST(apart AS DECIMAL(18, 6)) FROM placed
    UNION ALL
    SELECT row_key, kind, 'often', CAST(often AS DECIMAL(18, 6)) FROM placed
    UNION ALL
    SELECT row_key, kind, 'pause', CAST(pause AS DECIMAL(18, 6)) FROM placed
), centre AS (
    SELECT kind, name, avg(CAST(x AS DOUBLE)) AS middle FROM feature GROUP BY kind, name
), skew AS (
    SELECT f.kind, f.name, avg(pow(CAST(f.x AS DOUBLE) - c.middle, 3)) AS side
    FROM feature f
    JOIN centre c ON c.kind = f.kind AND c.name = f.name
    GROUP BY f.kind, f.name
), tail AS (
    SELECT row_key, kind, name, -ln(cume_dist() OVER (PARTITION BY kind, name ORDER BY x)) AS low,
           -ln(cume_dist() OVER (PARTITION BY kind, name ORDER BY x DESC)) AS high
    FROM feature
), summed AS (
    SELECT t.row_key, t.kind, sum(t.low) AS low, sum(t.high) AS high,
           sum(CASE WHEN s.side < 0 THEN t.low WHEN s.side > 0 THEN t.high ELSE t.low + t.high END) AS skewed
    FROM tail t
    JOIN skew s ON s.kind = t.kind AND s.name = t.name
    GROUP BY t.row_key, t.kind
), ranked AS (
    SELECT row_key, kind, greatest(low, high, skewed) AS unusual, count(*) OVER (PARTITION BY kind) AS n,
           row_number() OVER (PARTITION BY kind ORDER BY greatest(low, high, skewed) DESC, row_key) AS place
    FROM summed
)
SELECT row_key,
       CAST(floor($most_score - ($most_score - $score) * (place - 1) / greatest(1, $top_share * n)) AS INTEGER)
           AS score,
       'number ' || CAST(place AS VARCHAR) || ', score ' || CAST(CAST(unusual AS DECIMAL(18, 2)) AS VARCHAR)
           AS observed,
       'the first ' || CAST(CAST(100 * $top_share AS DECIMAL(18, 2)) AS VARCHAR) || '%' AS threshold,
       CAST(n AS VARCHAR) || ' postings of kind ' || kind AS population
FROM ranked
WHERE n >= $least_n AND place <= ceil($top_share * n)
