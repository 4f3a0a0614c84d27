-- duplicate_invoice_number: the same invoice entered again under a number written otherwise
-- purpose: "INV-00471" and "471", or "471" and "471A", slip past a system that refuses the same number twice
-- needs: amount_minor, posted_on, invoice_no
-- kinds: card, invoice, payment
-- params: score = 88, letter_score = 75, weak_score = 50
-- scores: $score (88) but for punctuation, spaces, case, leading zeros or "INV"; $letter_score (75) but for one
--   letter added, $weak_score (50): weak, where the vendor's amounts often repeat anyway
-- history: 400
-- source: IDEA and ACL, payables tests (duplicates on a cleaned key); Nigrini, Forensic Analytics (2011), ch. 12
-- with: repeated_amount
WITH figured AS (
    SELECT t.row_key, t.txn_id, t.scope, t.kind, t.currency, r.vendor, t.amount_minor, t.invoice_no, t.posted_day,
           r.returned, r.usual_days, r.seldom,
           ltrim(translate(upper(t.invoice_no), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ -/.#_:', ''), '0') AS figures
    FROM txn t
    JOIN repeated_amount r ON r.kind = t.kind AND r.currency = t.currency
        AND r.vendor = coalesce(t.vendor_id, t.vendor_key) AND r.amount_minor = t.amount_minor
    WHERE t.invoice_no IS NOT NULL AND t.posted_day IS NOT NULL
        AND coalesce(lower(t.status), '') NOT IN ('void', 'voided', 'reversed', 'canceled', 'cancelled')
), alike AS (
    SELECT kind, currency, vendor, amount_minor, figures
    FROM figured
    WHERE figures <> ''
    GROUP BY kind, currency, vendor, amount_minor, figures
    HAVING min(invoice_no) <> max(invoice_no)
), lettered AS (
    SELECT f.*, translate(upper(f.invoice_no), '0123456789 -/.#_:', '') AS letters,
           right(upper(trim(f.invoice_no)), 1) BETWEEN 'A' AND 'Z' AND length(f.figures) > 2 AS ends_in_letter
    FROM figured f
    JOIN alike a ON a.kind = f.kind AND a.currency = f.currency AND a.vendor = f.vendor
        AND a.amount_minor = f.amount_minor AND a.figures = f.figures
), named AS (
    SELECT *, CASE WHEN letters IN ('INV', 'INVOICE', 'NO', 'NR') THEN '' ELSE letters END AS series FROM lettered
), rooted AS (
    SELECT *, series || '.' || figures AS number,
           CASE WHEN ends_in_letter THEN substr(letters, 1, length(letters) - 1) ELSE series END
               || '.' || figures AS root
    FROM named
), varied AS (
    SELECT kind, currency, vendor, amount_minor, root, count(*) AS n
    FROM rooted
    GROUP BY kind, currency, vendor, amount_minor, root
    HAVING min(invoice_no) <> max(invoice_no)
), stepped AS (
    SELECT r.*, v.n, lag(r.row_key) OVER one_root AS before_key, lag(r.scope) OVER one_root AS before_scope,
           lag(r.txn_id) OVER one_root AS before_id,
           lag(r.invoice_no) OVER one_root AS before_no, lag(r.number) OVER one_root AS before_number,
           r.posted_day - lag(r.posted_day) OVER one_root AS gap, row_number() OVER one_root AS nth
    FROM rooted r
    JOIN varied v ON v.kind = r.kind AND v.currency = r.currency AND v.vendor = r.vendor
        AND v.amount_minor = r.amount_minor AND v.root = r.root
    WINDOW one_root AS (
        PARTITION BY r.kind, r.currency, r.vendor, r.amount_minor, r.root
        ORDER BY r.number, r.posted_day, r.txn_id, r.row_key
    )
), pair AS (
    SELECT *, scope = 'window' AND (before_scope <> 'window' OR gap > 0
               OR (gap = 0 AND coalesce(txn_id, '') >= coalesce(before_id, ''))) AS is_later
    FROM stepped
    WHERE invoice_no <> before_no AND (number = before_number OR before_number = root)
        AND nth > 1 + returned AND abs(gap) < usual_days
)
SELECT CASE WHEN is_later THEN row_key ELSE before_key END AS row_key,
       CASE WHEN number = before_number THEN $score WHEN seldom THEN $letter_score
            ELSE $weak_score END AS score,
       CASE WHEN is_later THEN invoice_no || ' after ' || before_no ELSE before_no || ' after ' || invoice_no END
           || ', same vendor and amount, ' || CAST(abs(gap) AS VARCHAR) || ' days apart' AS observed,
       'once' AS threshold, CAST(n AS VARCHAR) || ' of this number of vendor ' || vendor AS population,
       CASE WHEN is_later THEN before_key ELSE row_key END AS partner_key
FROM pair
