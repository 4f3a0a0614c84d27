-- relative_size: a vendor's largest amount is many times its second largest
-- purpose: a slipped decimal point, or a payment meant for another vendor
-- needs: amount_minor
-- kinds: card, invoice, payment
-- params: factor = 10.0, far_factor = 50.0, score = 45, far_score = 60
-- scores: weak: $score (45), $far_score (60) from $far_factor times on
-- history: 730
-- source: Nigrini, Forensic Analytics (2011), ch. 11 (relative size factor)
-- with: vendor_activity
WITH largest AS (
    SELECT party, vendor, n, largest AS most
    FROM vendor_activity
    WHERE n > 1 AND largest >= $factor * smallest
), second AS (
    SELECT l.party, l.vendor, l.n, l.most,
           sum(CASE WHEN t.amount_minor = l.most THEN 1 ELSE 0 END) AS at_most,
           max(CASE WHEN t.amount_minor < l.most THEN t.amount_minor END) AS next
    FROM largest l
    JOIN spend t ON t.party = l.party
    GROUP BY l.party, l.vendor, l.n, l.most
)
SELECT t.row_key, CASE WHEN t.inside THEN 'window' ELSE '' END AS scope,
       CASE WHEN s.most >= $far_factor * s.next THEN $far_score ELSE $score END AS score,
       CAST(CAST(least(CAST(s.most AS DOUBLE) / s.next, 1000000) + 0.000001 AS DECIMAL(18, 2)) AS VARCHAR)
           || ' times the second largest, ' || CAST(s.next AS VARCHAR) || ' minor units' AS observed,
       'under ' || CAST(CAST($factor AS DECIMAL(18, 1)) AS VARCHAR) || ' times' AS threshold,
       CAST(s.n AS VARCHAR) || ' amounts of vendor ' || s.vendor AS population
FROM second s
JOIN spend t ON t.party = s.party AND t.amount_minor = s.most
WHERE s.at_most = 1 AND s.most >= $factor * s.next
