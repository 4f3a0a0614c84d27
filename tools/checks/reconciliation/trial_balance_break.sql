-- trial_balance_break: an account whose trial balance does not roll forward, or is not what the journal says
-- purpose: opening plus movement is closing; a period opens where the last one closed; the movement is the sum
--   of the journal. The finding stands on a posting of the account in the period; where it has none there, on one
--   of the window; where it has none at all, on the ledger as a whole, if the ledger knows $covered (90%) of the
--   accounts that move: else it holds but some of them
-- kinds: ledger
-- needs: account, trial_balance.account
-- params: score = 80, covered = 0.9
-- scores: $score (80): arithmetic
-- source: ISA 330, 20 and A52 (agreeing the financial statements with the records); AS 2401.61
WITH journal AS (
    SELECT t.account, c.period, t.currency, sum(t.amount_minor) AS movement_minor, max(t.row_key) AS row_key
    FROM txn t JOIN calendar c ON c.day_number = t.posted_day
    WHERE t.kind = 'ledger' AND t.account IS NOT NULL
    GROUP BY t.account, c.period, t.currency
), audited AS (
    SELECT min(c.period) AS first_period, max(c.period) AS last_period, 'source:' || max(t.source) AS row_key
    FROM txn t JOIN calendar c ON c.day_number = t.posted_day
    WHERE t.kind = 'ledger' AND t.scope = 'window'
), latest AS (
    SELECT t.account, t.currency, max(t.row_key) AS row_key
    FROM txn t
    WHERE t.kind = 'ledger' AND t.scope = 'window' AND t.account IS NOT NULL
    GROUP BY t.account, t.currency
), ledger_account AS (
    SELECT DISTINCT t.account FROM txn t WHERE t.kind = 'ledger'
), cover AS (
    SELECT CAST(count(DISTINCT k.account) AS DOUBLE) / count(DISTINCT b.account) AS share
    FROM trial_balance b LEFT JOIN ledger_account k ON k.account = b.account
    WHERE b.movement_minor <> 0
    HAVING count(DISTINCT b.account) > 0
), rolled AS (
    SELECT b.account, b.period, b.opening_minor, b.movement_minor, b.closing_minor, b.currency,
           lag(b.closing_minor) OVER (PARTITION BY b.account, b.currency ORDER BY b.period) AS closed_minor,
           0 - b.movement_minor + first_value(b.opening_minor) OVER periods + sum(b.movement_minor) OVER periods
               AS rolled_minor
    FROM trial_balance b
    WINDOW periods AS (PARTITION BY b.account, b.currency ORDER BY b.period
                       ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
), wrong AS (
    SELECT r.account, r.period, r.currency,
           CASE WHEN r.opening_minor + r.movement_minor <> r.closing_minor THEN 'closes'
                WHEN r.opening_minor <> r.closed_minor AND r.opening_minor <> r.rolled_minor THEN 'opens'
                WHEN r.movement_minor <> coalesce(j.movement_minor, 0) THEN 'moves'
           END AS fault, r.closing_minor - r.opening_minor - r.movement_minor AS closes_off,
           r.opening_minor - r.closed_minor AS opens_off,
           r.movement_minor - coalesce(j.movement_minor, 0) AS moves_off,
           coalesce(j.row_key, CASE WHEN r.period BETWEEN a.first_period AND a.last_period
                                    THEN coalesce(l.row_key, v.row_key) END) AS row_key
    FROM rolled r
    CROSS JOIN audited a
    LEFT JOIN (SELECT a.row_key FROM audited a CROSS JOIN cover c WHERE c.share >= $covered) v ON 1 = 1
    LEFT JOIN journal j ON j.account = r.account AND j.period = r.period AND j.currency = r.currency
    LEFT JOIN latest l ON l.account = r.account AND l.currency = r.currency
), difference AS (
    SELECT w.row_key, w.period, w.account, w.fault,
           CASE w.fault WHEN 'closes' THEN w.closes_off WHEN 'opens' THEN w.opens_off ELSE w.moves_off END AS off_minor,
           CASE w.fault WHEN 'closes' THEN 'its movement' WHEN 'opens' THEN 'the last closing' ELSE 'the journal' END
               AS held_against
    FROM wrong w
    WHERE w.fault IS NOT NULL AND w.row_key IS NOT NULL
)
SELECT row_key, $score AS score,
       period || ' account ' || account || ' ' || fault || ' ' || off_minor || ' minor units off ' || held_against
           AS observed,
       'opening + movement = closing' AS threshold, 'accounts of the trial balance' AS population, off_minor
FROM difference
