-- unlisted_wage: a wage to somebody who is in no list of employees, or who left
-- purpose: a ghost employee is paid with the others, on their payday, a sum like theirs; so is who left and is still
--   paid. Where wages are booked is where nearly all names are employees'; where no party is named, a text that wraps
--   their names ("PAY ... NAB CONNECT") says so
-- needs: employee.person_name, posted_on, amount_minor
-- kinds: payment, ledger, bank
-- params: staff_n = 8, sampled = 100, near_days = 5, share = 0.8, payday_share = 0.3, grace_days = 30, score = 78
-- scores: $score (78) for each such wage: of a name in no list, on a day on which $payday_share (30%) of the employees are paid
--   from the same account or under the same category, from half of
--   their lowest wage to their highest; or more than $grace_days days after the day of
--   leaving. Only where $staff_n names and $share (80%) of all are employees'; texts are learned from $sampled (100) of them.
--   A bank's line of a wage that a book has within $near_days days is that wage, and counts once
-- history: 400
-- source: ACFE, Fraud Examiners Manual (payroll schemes: ghost employees)
WITH staff AS (
    SELECT upper(trim(e.person_name)) AS name, c.day_number AS left_day
    FROM employee e
    LEFT JOIN calendar c ON c.day = e.left_on
    WHERE e.person_name IS NOT NULL
), form AS (
    SELECT name, CASE WHEN count(left_day) = count(*) THEN max(left_day) END AS left_day
    FROM (
        SELECT name, left_day FROM staff
        UNION ALL
        SELECT trim(substr(name, strpos(name, ',') + 1)) || ' ' || trim(substr(name, 1, strpos(name, ',') - 1)), left_day
        FROM staff
        WHERE strpos(name, ',') > 1
    ) forms
    GROUP BY name
), sampled AS (
    SELECT name FROM (SELECT name, row_number() OVER (ORDER BY name) AS nth FROM form WHERE length(name) >= 5) n
    WHERE nth <= $sampled
), untold AS (
    SELECT row_key, scope, source, kind, currency, coalesce(account, '') AS account, posted_day, abs(amount_minor) AS amount_minor,
           upper(trim(description)) AS words
    FROM txn
    WHERE vendor_name IS NULL AND description IS NOT NULL AND posted_day IS NOT NULL
        AND ((kind = 'ledger' AND amount_minor > 0) OR (kind = 'bank' AND amount_minor < 0))
), wrapped AS (
    SELECT u.source, u.account, u.currency, n.name, substr(u.words, 1, strpos(u.words, n.name) - 1) AS lead_in,
           substr(u.words, strpos(u.words, n.name) + length(n.name)) AS rest
    FROM (SELECT DISTINCT source, account, currency, words FROM untold) u
    JOIN sampled n ON strpos(u.words, n.name) > 0
), frame AS (
    SELECT source, account, currency, lead_in, rest
    FROM wrapped
    WHERE length(lead_in) + length(rest) > 0
    GROUP BY source, account, currency, lead_in, rest
    HAVING count(DISTINCT name) >= $staff_n
), framed AS (
    SELECT u.row_key, u.scope, u.source, u.kind, u.currency, u.account || ' ' || f.lead_in || '...' || f.rest AS place, u.posted_day,
           u.amount_minor, trim(substr(u.words, length(f.lead_in) + 1, length(u.words) - length(f.lead_in) - length(f.rest))) AS name
    FROM untold u
    JOIN frame f ON f.source = u.source AND f.account = u.account AND f.currency = u.currency
        AND substr(u.words, 1, length(f.lead_in)) = f.lead_in AND length(u.words) > length(f.lead_in) + length(f.rest)
        AND substr(u.words, length(u.words) - length(f.rest) + 1) = f.rest
), paid AS (
    SELECT t.row_key, t.scope, t.source, t.kind, t.currency, coalesce(t.account, t.category) AS place, t.posted_day, t.amount_minor,
           upper(trim(t.vendor_name)) AS name, f.name IS NOT NULL AS listed, f.left_day
    FROM txn t
    LEFT JOIN form f ON f.name = upper(trim(t.vendor_name))
    WHERE t.kind IN ('payment', 'ledger') AND t.vendor_name IS NOT NULL AND t.posted_day IS NOT NULL AND t.amount_minor > 0
        AND coalesce(t.account, t.category) IS NOT NULL
    UNION ALL
    SELECT m.row_key, m.scope, m.source, m.kind, m.currency, m.place, m.posted_day, m.amount_minor, m.name, f.name IS NOT NULL, f.left_day
    FROM framed m
    LEFT JOIN form f ON f.name = m.name
), wages AS (
    SELECT source, currency, place, count(DISTINCT CASE WHEN listed THEN name END) AS employees,
           min(CASE WHEN listed THEN amount_minor END) AS lowest, max(CASE WHEN listed THEN amount_minor END) AS highest
    FROM paid
    GROUP BY source, currency, place
    HAVING count(DISTINCT CASE WHEN listed THEN name END) >= $staff_n
        AND count(DISTINCT CASE WHEN listed THEN name END) >= $share * count(DISTINCT name)
), booked AS (
    SELECT DISTINCT currency, name, amount_minor, posted_day FROM paid WHERE kind <> 'bank'
), shown AS (
    SELECT DISTINCT p.row_key
    FROM paid p
    JOIN booked b ON b.currency = p.currency AND b.name = p.name AND b.amount_minor = p.amount_minor
    WHERE p.kind = 'bank' AND abs(b.posted_day - p.posted_day) <= $near_days
), payday AS (
    SELECT p.source, p.currency, p.place, p.posted_day
    FROM paid p
    JOIN wages w ON w.source = p.source AND w.currency = p.currency AND w.place = p.place
    WHERE p.listed
    GROUP BY p.source, p.currency, p.place, p.posted_day, w.employees
    HAVING count(DISTINCT p.name) >= $payday_share * w.employees
)
SELECT p.row_key, p.scope, $score AS score,
       CASE WHEN p.listed THEN CAST(p.posted_day - p.left_day AS VARCHAR) || ' days after leaving'
            ELSE p.name || ' is in no list of employees' END AS observed,
       'employed on that day' AS threshold,
       CAST(w.employees AS VARCHAR) || ' employees paid from ' || p.place AS population
FROM paid p
JOIN wages w ON w.source = p.source AND w.currency = p.currency AND w.place = p.place
LEFT JOIN payday d ON d.source = p.source AND d.currency = p.currency AND d.place = p.place AND d.posted_day = p.posted_day
LEFT JOIN shown s ON s.row_key = p.row_key
WHERE s.row_key IS NULL AND ((NOT p.listed AND d.posted_day IS NOT NULL AND 2 * p.amount_minor >= w.lowest AND p.amount_minor <= w.highest)
    OR (p.listed AND p.posted_day - p.left_day > $grace_days))
