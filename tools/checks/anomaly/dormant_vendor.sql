-- dormant_vendor: a vendor paid again after half a year of silence
-- purpose: sleeping vendor records are used by people who know them; not for fees that come once a year
-- needs: posted_on, amount_minor
-- kinds: card, invoice, payment
-- params: days = 180, alike = 0.1, year_days = 25, score = 50, weak_score = 35
-- scores: weak: $weak_score (35), $score (50) when the amount is more than the vendor ever had
-- history: 400
-- source: ACFE, Fraud Examiners Manual (dormant vendor accounts); IDEA and ACL, payables tests
-- with: vendor_activity
WITH paying AS (
    SELECT CASE WHEN max(CASE WHEN kind = 'payment' THEN 1 ELSE 0 END) = 1 THEN 'invoice' ELSE '' END AS leave_out
    FROM vendor_activity
), seldom AS (
    SELECT a.party, a.vendor
    FROM vendor_activity a
    JOIN paying p ON p.leave_out <> a.kind
    WHERE a.n > 1 AND a.last_day - a.first_day >= $days
), dated AS (
    SELECT s.party, t.posted_day, max(t.amount_minor) AS minor
    FROM seldom s
    JOIN spend t ON t.party = s.party
    WHERE t.posted_day IS NOT NULL
    GROUP BY s.party, t.posted_day
), stepped AS (
    SELECT *, posted_day - lag(posted_day) OVER one_vendor AS gap, lag(minor) OVER one_vendor AS before_minor,
           max(minor) OVER (
               PARTITION BY party ORDER BY posted_day
               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
           ) AS most
    FROM dated
    WINDOW one_vendor AS (PARTITION BY party ORDER BY posted_day)
), habit AS (
    SELECT party, count(*) AS n, sum(CASE WHEN gap >= $days THEN 1 ELSE 0 END) AS sleeps
    FROM stepped
    GROUP BY party
)
SELECT min(t.row_key) AS row_key, CASE WHEN s.minor > s.most THEN $score ELSE $weak_score END AS score,
       CAST(s.gap AS VARCHAR) || ' days since the last' AS observed,
       CAST($days AS VARCHAR) || ' days' AS threshold,
       CAST(h.n AS VARCHAR) || ' days with postings of vendor ' || v.vendor AS population
FROM stepped s
JOIN habit h ON h.party = s.party
JOIN seldom v ON v.party = s.party
JOIN spend t ON t.party = s.party AND t.posted_day = s.posted_day
WHERE s.gap >= $days AND abs(s.minor - s.before_minor) > $alike * s.before_minor
    AND abs(s.gap - 365) > $year_days AND h.sleeps = 1
GROUP BY s.party, s.posted_day, s.minor, s.most, s.gap, h.n, v.vendor
