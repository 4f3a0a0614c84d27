-- Suspects on their vendor's own rhythm: near its median amount, and no closer to another such
-- posting than half its usual gap (a second payment in the same period is not recurring). A bank's lines that name
-- no vendor are of one party where their letters agree; it counts where most of them are suspects: wages that no
-- list of payments claims to show, not the one rent that the ledger lacks.
CREATE OR REPLACE TEMP TABLE on_rhythm AS
WITH lettered AS (
    SELECT row_key, trim(regexp_replace(upper(description), '[^\p{L}]+', ' ', 'g')) AS letters
    FROM txn WHERE kind = 'bank' AND vendor_key IS NULL
),
nameless AS (
    SELECT l.letters
    FROM lettered l LEFT JOIN chosen c ON c.row_key = l.row_key
    WHERE length(l.letters) > 2
    GROUP BY l.letters HAVING count(c.row_key) > 0.5 * count(*)
),
party AS (
    SELECT row_key, vendor_key, kind, posted_day, amount_minor FROM txn WHERE vendor_key IS NOT NULL
    UNION ALL
    SELECT t.row_key, 'text ' || l.letters, t.kind, t.posted_day, t.amount_minor
    FROM txn t JOIN lettered l ON l.row_key = t.row_key SEMI JOIN nameless n ON n.letters = l.letters
),
ours AS (
    SELECT t.row_key, t.vendor_key, t.kind, t.posted_day, t.amount_minor
    FROM party t
    SEMI JOIN (
        SELECT s.vendor_key, s.kind FROM party s SEMI JOIN chosen c ON c.row_key = s.row_key
    ) v ON v.vendor_key = t.vendor_key AND v.kind = t.kind
    WHERE t.posted_day IS NOT NULL AND t.amount_minor <> 0
),
usual AS (
    SELECT vendor_key, kind, median(amount_minor) AS amount, count(*) AS n
    FROM ours
    GROUP BY vendor_key, kind
),
near AS (
    SELECT o.*, u.n,
           o.posted_day - lag(o.posted_day) OVER same AS before,
           lead(o.posted_day) OVER same - o.posted_day AS after
    FROM ours o
    JOIN usual u ON u.vendor_key = o.vendor_key AND u.kind = o.kind
    WHERE abs(o.amount_minor - u.amount) <= $within * abs(u.amount)
    WINDOW same AS (PARTITION BY o.vendor_key, o.kind ORDER BY o.posted_day, o.row_key)
),
rhythm AS (
    SELECT vendor_key, kind, median(before) AS gap, count(*) AS n_near, min(n) AS n
    FROM near
    GROUP BY vendor_key, kind
),
steady AS (
    SELECT near.vendor_key, near.kind,
           count(*) FILTER (WHERE abs(near.before - r.gap) <= greatest(3, 0.25 * r.gap)) AS regular
    FROM near
    JOIN rhythm r ON r.vendor_key = near.vendor_key AND r.kind = near.kind
    GROUP BY near.vendor_key, near.kind
),
declared AS (
    SELECT DISTINCT vendor_key FROM vendor
    WHERE recurring = 'yes' AND vendor_key IS NOT NULL
)
SELECT near.row_key
FROM near
SEMI JOIN chosen c ON c.row_key = near.row_key
JOIN rhythm r ON r.vendor_key = near.vendor_key AND r.kind = near.kind
JOIN steady s ON s.vendor_key = near.vendor_key AND s.kind = near.kind
LEFT JOIN declared d ON d.vendor_key = near.vendor_key
WHERE r.gap >= 5
  AND least(coalesce(near.before, r.gap), coalesce(near.after, r.gap)) >= 0.5 * r.gap
  AND (d.vendor_key IS NOT NULL
       OR (r.n_near >= 4 AND r.n_near >= 0.6 * r.n AND s.regular >= 0.6 * (r.n_near - 1)))
