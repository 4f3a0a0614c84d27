-- duplicate_invoice_number: the same invoice entered again with its number written differently
-- purpose: "INV-00471" and "471", "471" and "471A", "FV/0471/2025" and "FV 471/25" slip past a system that refuses the same number twice
-- needs: amount_minor, posted_on, invoice_no
-- kinds: card, invoice, payment
-- params: score = 88, letter_score = 75, weak_score = 50
-- scores: $score (88) but for punctuation, spaces, case, leading zeros, a year's century or "INV"; $letter_score (75) but for one
--   letter added, $weak_score (50): weak, where the vendor's amounts often repeat anyway
-- history: 400
-- source: IDEA and ACL, payables tests (duplicates on a cleaned key); Nigrini, Forensic Analytics (2011), ch. 12
-- with: repeated_posting
WITH figured AS (
    SELECT row_key, party, amount_minor, invoice_no,
           replace(replace(replace(regexp_replace(
               ' ' || translate(upper(invoice_no), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ-/.#_:', '                                '),
               ' 0+', ' ', 'g'), ' 201', ' 1'), ' 202', ' 2'), ' ', '') AS figures
    FROM repeated_posting
    WHERE invoice_no IS NOT NULL
), alike AS (
    SELECT party, amount_minor, figures
    FROM figured
    WHERE figures <> ''
    GROUP BY party, amount_minor, figures
    HAVING min(invoice_no) <> max(invoice_no)
), lettered AS (
    SELECT p.*, f.figures, translate(upper(f.invoice_no), '0123456789 -/.#_:', '') AS letters,
           right(upper(trim(f.invoice_no)), 1) BETWEEN 'A' AND 'Z' AND length(f.figures) > 2 AS ends_in_letter
    FROM figured f
    JOIN alike a ON a.party = f.party AND a.amount_minor = f.amount_minor AND a.figures = f.figures
    JOIN repeated_posting p ON p.row_key = f.row_key
), named AS (
    SELECT *, CASE WHEN letters IN ('INV', 'INVOICE', 'NO', 'NR') THEN '' ELSE letters END AS series FROM lettered
), rooted AS (
    SELECT *, series || '.' || figures AS number,
           CASE WHEN ends_in_letter THEN substr(letters, 1, length(letters) - 1) ELSE series END
               || '.' || figures AS root
    FROM named
), varied AS (
    SELECT party, amount_minor, root, count(*) AS n
    FROM rooted
    GROUP BY party, amount_minor, root
    HAVING min(invoice_no) <> max(invoice_no)
), stepped AS (
    SELECT r.*, v.n AS of_number, lag(r.row_key) OVER one_root AS before_key, lag(r.scope) OVER one_root AS before_scope,
           lag(r.txn_id) OVER one_root AS before_id,
           lag(r.invoice_no) OVER one_root AS before_no, lag(r.number) OVER one_root AS before_number,
           r.posted_day - lag(r.posted_day) OVER one_root AS gap, row_number() OVER one_root AS nth
    FROM rooted r
    JOIN varied v ON v.party = r.party AND v.amount_minor = r.amount_minor AND v.root = r.root
    WINDOW one_root AS (
        PARTITION BY r.party, r.amount_minor, r.root
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
       'once' AS threshold, CAST(of_number AS VARCHAR) || ' of this number of vendor ' || vendor AS population,
       CASE WHEN is_later THEN before_key ELSE row_key END AS partner_key
FROM pair
