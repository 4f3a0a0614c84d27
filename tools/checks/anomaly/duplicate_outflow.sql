-- duplicate_outflow: money that left the bank, or an account of the ledger, twice
-- purpose: where there is no payments register, what leaves the bank or an account can be paid twice all the same: same
--   payee (read from the text where no vendor is named), same amount, within weeks; net of what came back and of what
--   recurs; two invoice numbers in the texts are two invoices, a number that many payees bear is none, and the day that
--   a text names is no number, nor is a cheque's own, nor what clears it (DESC DATE:, TRACE#:). Texts that word one number of $digits figures and more and one sum otherwise are of one
--   payee. The ledger is looked at where there is no bank: equal lines of one day and number are one entry's there
-- needs: amount_minor, posted_on
-- kinds: bank, ledger
-- params: days = 24, number_days = 180, numbers = 3, payees = 4, digits = 5, near_days = 10, usual_n = 3, even = 0.6, figures = 4, others = 3, chance = 0.15, seldom = 0.05, score = 85, bare_score = 78, weak_score = 45
-- scores: $score (85) where both texts bear the same number, up to $number_days apart where the payee's texts bear $numbers
--   and more (one that stays is a customer's or a contract's); $bare_score (78) where one bears none, or neither, within
--   $near_days days, to a payee of whose other amounts at most $seldom (5%) repeat: of a sum no smaller than half of all that left
--   where neither bears one, or of one of $figures figures and more (12.35, not 450.00) where the payee has $others other
--   payments and so many equal sums that near were to be expected at most $chance times by chance (its pairs of payments
--   within $near_days days, over the breadth of the middle half of its sums); weak: $weak_score (45) else. Nothing where
--   the payee has the sum more than $usual_n times or in even steps
-- history: 400
-- source: Nigrini, Forensic Analytics (2011), ch. 12 (same-same-different); ACFE, Fraud Examiners Manual (billing schemes)
-- with: outflow_text
WITH worded AS (
    SELECT t.row_key, t.txn_id, t.scope, t.source, t.kind, t.currency, coalesce(t.account, '') AS account, t.posted_day,
           t.amount_minor, o.payee, o.name, o.words AS line_text,
           coalesce(t.invoice_no, regexp_replace(
               CASE WHEN t.kind = 'bank' AND length(t.reference) >= 3 THEN replace(t.description, t.reference, ' ')
                    ELSE regexp_replace(upper(t.description), '(ORIG ID|DESC DATE|TRACE *#|IND ID) *: *[^ ]+', ' ', 'g') END,
               '(^| )([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}[./-][0-9]{1,2}[./-]([0-9]{4}|[0-9]{2}))( |$)', ' ', 'g'
           ), '') AS words
    FROM txn t
    JOIN outflow_text o ON o.row_key = t.row_key
), noted AS (
    SELECT *, regexp_replace(regexp_replace(words, '[^0-9]+', '', 'g'), '^0+', '') AS number FROM worded
), everywhere AS (
    SELECT source, number FROM noted WHERE number <> '' GROUP BY source, number HAVING count(DISTINCT payee) >= $payees
), renamed AS (
    SELECT source, account, currency, abs(amount_minor) AS amount_minor, number, min(payee) AS payee
    FROM noted
    WHERE length(number) >= $digits AND number NOT LIKE '20____'
    GROUP BY source, account, currency, abs(amount_minor), number
    HAVING count(DISTINCT payee) > 1
), moved AS (
    SELECT n.row_key, n.txn_id, n.scope, n.source, n.kind, n.currency, n.account, n.posted_day, n.amount_minor, n.line_text, n.name,
           CASE WHEN e.number IS NULL THEN coalesce(r.payee, n.payee) ELSE n.payee END AS payee,
           CASE WHEN e.number IS NULL THEN n.number ELSE '' END AS number
    FROM noted n
    LEFT JOIN everywhere e ON e.source = n.source AND e.number = n.number
    LEFT JOIN renamed r ON r.source = n.source AND r.account = n.account AND r.currency = n.currency
        AND r.amount_minor = abs(n.amount_minor) AND r.number = n.number
), half AS (
    SELECT source, currency, quantile_cont(-amount_minor, 0.5) AS amount, max(posted_day) - min(posted_day) + 1 AS days
    FROM moved
    WHERE amount_minor < 0
    GROUP BY source, currency
), again AS (
    SELECT source, account, currency, payee, amount_minor, count(*) AS n
    FROM moved
    WHERE amount_minor < 0 AND length(payee) > 2
    GROUP BY source, account, currency, payee, amount_minor
    HAVING count(*) > 1
), habit AS (
    SELECT source, account, currency, payee, count(*) AS repeated FROM again GROUP BY source, account, currency, payee
), paid AS (
    SELECT m.source, m.account, m.currency, m.payee, h.repeated, count(*) AS n,
           count(DISTINCT CASE WHEN m.number <> '' THEN m.number END) AS numbers,
           quantile_cont(CAST(-m.amount_minor AS DOUBLE), [0.25, 0.75]) AS q
    FROM moved m
    JOIN habit h ON h.source = m.source AND h.account = m.account AND h.currency = m.currency AND h.payee = m.payee
    WHERE m.amount_minor < 0
    GROUP BY m.source, m.account, m.currency, m.payee, h.repeated
), returned AS (
    SELECT DISTINCT a.source, a.account, a.currency, a.payee, a.amount_minor
    FROM again a
    JOIN moved m ON m.source = a.source AND m.account = a.account AND m.currency = a.currency
        AND m.amount_minor = -a.amount_minor
    JOIN moved o ON o.source = a.source AND o.account = a.account AND o.currency = a.currency
        AND o.payee = a.payee AND o.amount_minor = a.amount_minor
    WHERE m.payee = a.payee OR strpos(m.line_text, a.payee) > 0 OR (length(o.name) > 2 AND strpos(m.line_text, o.name) > 0)
), stepped AS (
    SELECT m.row_key, m.scope, m.source, m.kind, m.currency, m.payee, m.amount_minor,
           m.number, a.n, k.repeated, k.numbers, k.n - a.n AS others,
           CAST(k.n AS DOUBLE) * k.n * $near_days / (k.q[2] - k.q[1] + 1) AS pairs,
           lag(m.row_key) OVER one_sum AS before_key, lag(m.number) OVER one_sum AS before_number,
           m.posted_day - lag(m.posted_day) OVER one_sum AS gap,
           max(m.posted_day) OVER whole - min(m.posted_day) OVER whole AS spread
    FROM moved m
    JOIN again a ON a.source = m.source AND a.account = m.account AND a.currency = m.currency AND a.payee = m.payee
        AND a.amount_minor = m.amount_minor
    JOIN paid k ON k.source = m.source AND k.account = m.account AND k.currency = m.currency AND k.payee = m.payee
    LEFT JOIN returned r ON r.source = m.source AND r.account = m.account AND r.currency = m.currency AND r.payee = m.payee
        AND r.amount_minor = m.amount_minor
    WHERE a.n <= $usual_n AND r.payee IS NULL
    WINDOW one_sum AS (
        PARTITION BY m.source, m.account, m.currency, m.payee, m.amount_minor ORDER BY m.posted_day, m.txn_id, m.row_key
    ), whole AS (
        PARTITION BY m.source, m.account, m.currency, m.payee, m.amount_minor
    )
)
SELECT CASE WHEN s.scope = 'window' THEN s.row_key ELSE s.before_key END AS row_key,
       CASE WHEN s.kind = 'ledger' AND s.gap = 0 THEN $weak_score
            WHEN s.number <> '' AND s.number = s.before_number THEN $score
            WHEN s.gap > $near_days OR s.repeated - 1 > $seldom * s.others THEN $weak_score
            WHEN s.number = s.before_number AND -s.amount_minor >= f.amount THEN $bare_score
            WHEN s.others >= $others AND s.pairs / f.days <= $chance
                AND length(regexp_replace(CAST(-s.amount_minor AS VARCHAR), '0+$', '')) >= $figures THEN $bare_score
            ELSE $weak_score END AS score,
       'same payee and amount, ' || CAST(s.gap AS VARCHAR) || ' days apart'
           || CASE WHEN s.number <> '' AND s.number = s.before_number THEN ', number ' || s.number ELSE '' END AS observed,
       'once in ' || CAST($days AS VARCHAR) || ' days' AS threshold,
       CAST(s.n AS VARCHAR) || ' of this amount to ' || s.payee AS population,
       CASE WHEN s.scope = 'window' THEN s.before_key ELSE s.row_key END AS partner_key
FROM stepped s
JOIN half f ON f.source = s.source AND f.currency = s.currency
WHERE s.gap <= CASE WHEN s.number <> '' AND s.number = s.before_number AND s.numbers >= $numbers THEN $number_days
                   ELSE $days END
    AND (s.n = 2 OR s.gap <= $even * s.spread / (s.n - 1))
    AND (s.number = s.before_number OR s.number = '' OR s.before_number = '')
