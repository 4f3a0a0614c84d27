-- Suspects on their vendor's own rhythm: near its median amount, and no closer to another such
-- posting than half its usual gap (a second payment in the same period is not recurring). A bank's lines that name
-- no vendor but somebody employed are that person's wages, where no ledger claims to show all that is paid and most
-- of them are suspects; a standing order to anybody else keeps its gravity, and so do wages after the last ones.
CREATE OR REPLACE TEMP TABLE on_rhythm AS
WITH paid_out AS (
    SELECT t.row_key, t.posted_day, string_split(trim(regexp_replace(upper(t.description), '[^\p{L}]+', ' ', 'g')), ' ') AS words
    FROM txn t SEMI JOIN chosen c ON c.row_key = t.row_key
    WHERE t.kind = 'bank' AND t.vendor_key IS NULL AND t.amount_minor < 0
      AND NOT EXISTS (SELECT 1 FROM txn WHERE kind = 'ledger')
),
person AS (
    SELECT string_split(trim(regexp_replace(upper(person_name), '[^\p{L}]+', ' ', 'g')), ' ') AS name,
           max(coalesce(left_on, DATE '9999-12-31')) - DATE '1970-01-01' + 31 AS until_day
    FROM employee WHERE person_name IS NOT NULL GROUP BY ALL
),
wage AS (
    SELECT p.words, max(e.until_day) AS until_day
    FROM paid_out p JOIN person e ON len(e.name) > 1 AND list_has_all(p.words, e.name)
    GROUP BY p.words
),
lettered AS (
    SELECT t.row_key, w.words, c.row_key IS NOT NULL AS suspect, t.posted_day <= w.until_day AS employed
    FROM txn t
    JOIN wage w ON w.words = string_split(trim(regexp_replace(upper(t.description), '[^\p{L}]+', ' ', 'g')), ' ')
    LEFT JOIN chosen c ON c.row_key = t.row_key
    WHERE t.kind = 'bank' AND t.vendor_key IS NULL AND t.amount_minor < 0
),
unclaimed AS (
    SELECT words FROM lettered GROUP BY words HAVING count(*) FILTER (WHERE suspect) > 0.5 * count(*)
),
party AS (
    SELECT row_key, vendor_key, kind, posted_day, amount_minor FROM txn WHERE vendor_key IS NOT NULL
    UNION ALL
    SELECT t.row_key, 'wages ' || array_to_string(l.words, ' '), t.kind, t.posted_day, t.amount_minor
    FROM txn t
    JOIN lettered l ON l.row_key = t.row_key AND l.employed
    SEMI JOIN unclaimed u ON u.words = l.words
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
