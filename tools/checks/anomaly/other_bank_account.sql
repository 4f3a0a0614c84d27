-- other_bank_account: a vendor's money goes to a bank account that it never went to before
-- purpose: a forged letter, or a clerk, puts another account in place of a real vendor's; it shows where each posting
--   names the account, though no master says when it was changed
-- needs: amount_minor, posted_on, bank_account
-- kinds: invoice, payment
-- params: days = 14, least_past = 5, usual_share = 0.2, score = 80
-- scores: $score (80) within $days days of the first posting on an account, of a vendor that had $least_past postings
--   and more before, all on one other account. Nothing where the master has that account and says when it was changed
--   (see bank_details_changed), or where more than $usual_share (20%) of the vendors with so many
--   postings have several accounts: then it is not the vendors' own that the column holds
-- history: 400
-- source: FBI, Public Service Announcement I-091019-PSA (business e-mail compromise); ACFE, Fraud Examiners Manual
WITH named AS (
    SELECT row_key, scope, kind, coalesce(vendor_id, vendor_key) AS vendor, posted_day,
           translate(upper(bank_account), ' -.', '') AS bank
    FROM txn
    WHERE kind IN ('invoice', 'payment') AND amount_minor > 0 AND posted_day IS NOT NULL
), posting AS (
    SELECT n.row_key, n.scope, n.kind, n.vendor, n.posted_day, n.bank
    FROM named n
    CROSS JOIN (SELECT max(kind) AS kind FROM named WHERE bank <> '') k
    WHERE n.kind = k.kind AND n.vendor IS NOT NULL AND n.bank <> ''
), begun AS (
    SELECT vendor, bank, min(posted_day) AS since FROM posting GROUP BY vendor, bank
), on_record AS (
    SELECT coalesce(v.vendor_id, v.vendor_key) AS vendor, translate(upper(v.bank_account), ' -.', '') AS bank
    FROM vendor v
    WHERE v.bank_account IS NOT NULL AND v.bank_changed_on IS NOT NULL
), habit AS (
    SELECT avg(CASE WHEN banks > 1 THEN 1.0 ELSE 0.0 END) AS share
    FROM (SELECT count(DISTINCT bank) AS banks FROM posting GROUP BY vendor HAVING count(*) > $least_past) v
), changed AS (
    SELECT b.vendor, b.bank, b.since, count(*) AS n
    FROM begun b
    JOIN posting p ON p.vendor = b.vendor AND p.posted_day < b.since
    GROUP BY b.vendor, b.bank, b.since
    HAVING count(*) >= $least_past AND count(DISTINCT p.bank) = 1
)
SELECT p.row_key, p.scope, $score AS score, 'a bank account that none of the ' || CAST(c.n AS VARCHAR) || ' before named' AS observed,
       'the one that all of them named' AS threshold, 'postings of vendor ' || c.vendor AS population
FROM changed c
CROSS JOIN habit h
JOIN posting p ON p.vendor = c.vendor AND p.bank = c.bank AND p.posted_day <= c.since + $days
LEFT JOIN on_record r ON r.vendor = c.vendor AND r.bank = c.bank
WHERE h.share <= $usual_share AND r.vendor IS NULL
