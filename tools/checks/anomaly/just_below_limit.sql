-- just_below_limit: just under the approver's limit
-- purpose: an amount trimmed so that nobody higher up has to sign; not where the vendor usually bills about that
-- needs: amount_minor
-- kinds: card, invoice, payment
-- params: near = 0.9, usual_share = 0.2, score = 40, close = 0.98, close_score = 50
-- scores: weak: $score (40), $close_score (50) from $close (98%) of the limit on
-- history: 400
-- absolute: money
-- source: ACFE, Fraud Examiners Manual (purchases below the review limit); Nigrini, Forensic Analytics (2011), ch. 11
-- with: approval_limit
-- verdict: limits_known
WITH level AS (
    SELECT kind, currency, limit_minor FROM approval_limit WHERE origin = 'declared'
    UNION ALL
    SELECT kind, currency, limit_minor FROM approval_limit
    WHERE origin = 'inferred' AND NOT EXISTS (SELECT 1 FROM authority WHERE limit_minor > 0)
), own AS (
    SELECT person_id, currency, max(limit_minor) AS limit_minor FROM authority GROUP BY person_id, currency
), below AS (
    SELECT t.row_key, t.kind, t.currency, t.amount_minor, coalesce(t.vendor_id, t.vendor_key, '') AS vendor,
           l.limit_minor
    FROM txn t
    JOIN level l ON coalesce(l.kind, t.kind) = t.kind AND coalesce(l.currency, t.currency) = t.currency
        AND t.amount_minor < l.limit_minor AND t.amount_minor >= $near * l.limit_minor
    LEFT JOIN own o ON o.person_id = t.approved_by AND coalesce(o.currency, t.currency) = t.currency
    WHERE t.kind IN ('card', 'invoice', 'payment') AND coalesce(o.limit_minor, l.limit_minor) = l.limit_minor
), crowd AS (
    SELECT kind, currency, vendor, limit_minor, count(*) AS n FROM below GROUP BY kind, currency, vendor, limit_minor
), habit AS (
    SELECT c.kind, c.currency, c.vendor, c.limit_minor, c.n, count(*) AS of_all
    FROM crowd c
    JOIN txn t ON t.kind = c.kind AND t.currency = c.currency
        AND coalesce(t.vendor_id, t.vendor_key, '') = c.vendor AND t.amount_minor > 0
    GROUP BY c.kind, c.currency, c.vendor, c.limit_minor, c.n
)
SELECT b.row_key, CASE WHEN b.amount_minor >= $close * b.limit_minor THEN $close_score ELSE $score END AS score,
       CAST(CAST(100 * CAST(b.amount_minor AS DOUBLE) / b.limit_minor + 0.000001 AS DECIMAL(18, 1)) AS VARCHAR)
           || '% of the limit of ' || CAST(b.limit_minor AS VARCHAR) || ' minor units' AS observed,
       'under ' || CAST(CAST(floor(100 * $near + 0.5) AS INTEGER) AS VARCHAR) || '% of it' AS threshold,
       CAST(h.n AS VARCHAR) || ' of ' || CAST(h.of_all AS VARCHAR) || ' amounts of vendor ' || b.vendor AS population
FROM below b
JOIN habit h ON h.kind = b.kind AND h.currency = b.currency AND h.vendor = b.vendor
    AND h.limit_minor = b.limit_minor
WHERE CAST(h.n - 1 AS DOUBLE) / h.of_all <= $usual_share
