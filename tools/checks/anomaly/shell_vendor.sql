-- shell_vendor: a vendor with several marks of a company on paper
-- purpose: money to a vendor that somebody set up to be paid: each mark is common among honest vendors, and three of
--   them together are not
-- needs: amount_minor, posted_on
-- kinds: invoice, payment
-- params: young_days = 14, settle_days = 180, usual_share = 0.2, least_vendors = 8, master_share = 0.8,
--   round_minor = 10000, round_share = 0.1, first_number = 5, run_n = 4, taxed_share = 0.8, quick_days = 3, slow_days = 10, sampled = 200,
--   marks = 3, score = 78
-- scores: $score (78) from $marks (3) marks on, 5 more for each further, one of the first three at least: neither address nor
--   tax number in the vendor master, where $master_share (80%) have one, or not in it at all; set up at most $young_days days before the first
--   posting, or first seen $settle_days days after the books begin; no tax on its invoices, where $taxed_share (80%) of the vendors
--   charge one; every amount round, where at most $round_share (10%) of the others'
--   different amounts are; invoice numbers that begin at $first_number or
--   below, or $run_n and more that run on without a gap; paid within $quick_days days, where the median is
--   $slow_days or more. A mark that more than $usual_share (20%) of $sampled vendors bear says nothing
-- history: 400
-- absolute: money
-- source: ACFE, Fraud Examiners Manual (billing schemes: shell companies); ISA 240, appendix 3
-- with: spend, vendor_activity
WITH kinds AS (
    SELECT coalesce(max(kind), 'invoice') AS paid
    FROM (SELECT kind FROM vendor_activity WHERE kind = 'payment' LIMIT 1) p
), seen AS (
    SELECT vendor, min(first_day) AS first_day
    FROM vendor_activity
    WHERE kind IN ('invoice', 'payment')
    GROUP BY vendor
), begun AS (
    SELECT quantile_cont(first_day, 0.1) AS since, count(*) AS vendors FROM seen
), listed AS (
    SELECT vendor_id AS known_as, address, tax_id, created_on FROM vendor WHERE vendor_id IS NOT NULL
    UNION ALL
    SELECT vendor_key, address, tax_id, created_on FROM vendor WHERE vendor_key IS NOT NULL
), master AS (
    SELECT s.vendor, max(v.address) AS address, max(v.tax_id) AS tax_id, max(v.created_on) AS created_on
    FROM seen s
    JOIN listed v ON v.known_as = s.vendor
    GROUP BY s.vendor
), filled AS (
    SELECT count(*) AS n, sum(CASE WHEN address IS NULL AND tax_id IS NULL THEN 0 ELSE 1 END) AS told FROM vendor
), taxed AS (
    SELECT coalesce(vendor_id, vendor_key) AS vendor, max(abs(coalesce(tax_minor, 0))) AS tax
    FROM txn
    WHERE kind = 'invoice' AND coalesce(vendor_id, vendor_key) IS NOT NULL
    GROUP BY coalesce(vendor_id, vendor_key)
), usual_tax AS (
    SELECT avg(CASE WHEN tax > 0 THEN 1.0 ELSE 0.0 END) AS share FROM taxed
), met AS (
    SELECT s.vendor, m.vendor IS NULL AS unlisted, b.vendors,
           CASE WHEN f.n >= $least_vendors AND f.told >= $master_share * f.n
                     AND m.address IS NULL AND m.tax_id IS NULL THEN 1
                WHEN f.n >= $least_vendors AND m.vendor IS NULL THEN 1 ELSE 0 END AS unknown,
           CASE WHEN s.first_day - c.day_number BETWEEN 0 AND $young_days
                     OR (c.day_number IS NULL AND s.first_day - b.since >= $settle_days) THEN 1 ELSE 0 END AS young,
           CASE WHEN x.tax = 0 AND u.share >= $taxed_share THEN 1 ELSE 0 END AS untaxed,
           row_number() OVER (ORDER BY s.vendor) AS nth
    FROM seen s
    CROSS JOIN begun b
    CROSS JOIN filled f
    CROSS JOIN usual_tax u
    LEFT JOIN taxed x ON x.vendor = s.vendor
    LEFT JOIN master m ON m.vendor = s.vendor
    LEFT JOIN calendar c ON c.day = m.created_on
    WHERE b.vendors >= $least_vendors
), looked_at AS (
    SELECT * FROM met WHERE unknown + young + untaxed > 0 OR nth <= $sampled
), posting AS (
    SELECT t.row_key, t.scope, t.kind, m.vendor, t.posted_day, t.currency, t.invoice_no, t.amount_minor,
           ltrim(translate(upper(t.invoice_no), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ -/.#_:', ''), '0') AS figures
    FROM txn t
    JOIN looked_at m ON m.vendor = coalesce(t.vendor_id, t.vendor_key)
    WHERE t.kind IN ('invoice', 'payment') AND t.amount_minor > 0 AND t.posted_day IS NOT NULL
), settled AS (
    SELECT p.vendor, min(p.posted_day - i.posted_day) AS days
    FROM posting p
    JOIN posting i ON i.vendor = p.vendor AND i.invoice_no = p.invoice_no AND i.currency = p.currency
    WHERE p.kind = 'payment' AND i.kind = 'invoice' AND p.posted_day >= i.posted_day
    GROUP BY p.vendor, p.invoice_no
), pace AS (
    SELECT vendor, max(days) AS days FROM settled GROUP BY vendor
), usual_pace AS (
    SELECT median(days) AS days FROM settled
), party_amount AS (
    SELECT party, count(DISTINCT amount_minor) AS n,
           count(DISTINCT CASE WHEN amount_minor >= $round_minor AND amount_minor % 1000 = 0
                                   AND length(rtrim(CAST(amount_minor AS VARCHAR), '0')) <= 2 THEN amount_minor END) AS rounds
    FROM spend
    GROUP BY party
), amount AS (
    SELECT a.vendor, sum(p.n) AS n, sum(p.rounds) AS rounds
    FROM party_amount p
    JOIN vendor_activity a ON a.party = p.party
    JOIN kinds k ON k.paid = a.kind
    GROUP BY a.vendor
), all_amounts AS (
    SELECT sum(n) AS n, sum(rounds) AS rounds FROM amount
), number AS (
    SELECT vendor, min(figures) AS least, max(length(figures)) AS longest, min(length(figures)) AS shortest,
           count(DISTINCT number) AS n, max(number) - min(number) + 1 AS reach
    FROM (
        SELECT vendor, figures,
               CASE WHEN length(figures) BETWEEN 1 AND 15 AND translate(figures, '0123456789', '') = ''
                    THEN CAST(figures AS BIGINT) END AS number
        FROM posting
        WHERE invoice_no IS NOT NULL
    ) f
    GROUP BY vendor
), raw AS (
    SELECT l.vendor, l.vendors, l.unlisted, l.unknown, l.young, l.untaxed,
           CASE WHEN a.rounds = a.n AND g.rounds - a.rounds <= $round_share * g.n THEN 1 ELSE 0 END AS sums,
           CASE WHEN n.shortest = 1 AND n.least BETWEEN '1' AND CAST($first_number AS VARCHAR) AND n.longest <= 2
                THEN 1 ELSE 0 END AS numbers,
           CASE WHEN n.n >= $run_n AND n.reach = n.n THEN 1 ELSE 0 END AS run_on,
           CASE WHEN p.days <= $quick_days AND u.days >= $slow_days THEN 1 ELSE 0 END AS quick
    FROM looked_at l
    CROSS JOIN all_amounts g
    CROSS JOIN usual_pace u
    LEFT JOIN amount a ON a.vendor = l.vendor
    LEFT JOIN number n ON n.vendor = l.vendor
    LEFT JOIN pace p ON p.vendor = l.vendor
), common AS (
    SELECT CASE WHEN avg(unknown) > $usual_share THEN 0 ELSE 1 END AS unknown,
           CASE WHEN avg(young) > $usual_share THEN 0 ELSE 1 END AS young,
           CASE WHEN avg(sums) > $usual_share THEN 0 ELSE 1 END AS sums,
           CASE WHEN avg(untaxed) > $usual_share THEN 0 ELSE 1 END AS untaxed,
           CASE WHEN avg(numbers) > $usual_share THEN 0 ELSE 1 END AS numbers,
           CASE WHEN avg(run_on) > $usual_share THEN 0 ELSE 1 END AS run_on,
           CASE WHEN avg(quick) > $usual_share THEN 0 ELSE 1 END AS quick
    FROM raw
), marked AS (
    SELECT r.vendor, r.vendors, r.unlisted, r.unknown * c.unknown AS unknown, r.young * c.young AS young,
           r.untaxed * c.untaxed AS untaxed, r.sums * c.sums AS sums, r.numbers * c.numbers AS numbers,
           CASE WHEN r.numbers * c.numbers = 1 THEN 0 ELSE r.run_on * c.run_on END AS run_on, r.quick * c.quick AS quick
    FROM raw r
    CROSS JOIN common c
), judged AS (
    SELECT *, unknown + young + untaxed + sums + numbers + run_on + quick AS marks FROM marked
)
SELECT p.row_key, p.scope, least(98, $score + 5 * (m.marks - $marks)) AS score,
       substr(CASE WHEN m.unknown = 0 THEN '' WHEN m.unlisted THEN ', not in the vendor master'
                   ELSE ', neither address nor tax number' END
           || CASE WHEN m.young = 1 THEN ', new' ELSE '' END
           || CASE WHEN m.untaxed = 1 THEN ', no tax charged' ELSE '' END
           || CASE WHEN m.sums = 1 THEN ', round sums alone' ELSE '' END
           || CASE WHEN m.numbers = 1 THEN ', invoice numbers from one on' ELSE '' END
           || CASE WHEN m.run_on = 1 THEN ', invoice numbers without a gap' ELSE '' END
           || CASE WHEN m.quick = 1 THEN ', paid at once' ELSE '' END, 3) AS observed,
       'fewer than ' || CAST($marks AS VARCHAR) || ' such marks' AS threshold,
       CAST(m.vendors AS VARCHAR) || ' vendors' AS population
FROM judged m
JOIN posting p ON p.vendor = m.vendor
JOIN kinds k ON k.paid = p.kind
WHERE m.unknown + m.young + m.untaxed > 0 AND m.marks >= $marks
