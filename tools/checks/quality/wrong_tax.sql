-- wrong_tax: a tax that is not what its net amount, its vendor and these books would have it
-- purpose: net and tax that do not make the gross; a rate above any that these books know, or another one from a vendor
--   that always has the same; tax from a vendor that never charges any. What is charged wrongly is no input tax
-- needs: tax_minor, amount_minor
-- kinds: card, receipt, invoice, payment
-- params: score = 85, weak_score = 45, cents = 5, in_order = 0.9, usual_share = 0.01, usual_n = 3, regular = 0.8, same_n = 5,
--   never_n = 4, least_minor = 2000
-- scores: $score (85); $weak_score (45): weak, where a vendor of one rate has another that others have, or none. Rates are
--   usual that $usual_n rows and $usual_share (1%) of them have, of two vendors or more; more than the highest of
--   them is odd where they are the rates of $regular (80%) of a source's rows, a vendor's other rate after $same_n of one, its
--   first tax after $never_n rows without any; net and tax count where they make the gross of $in_order (90%) of a source.
--   Off by $cents (0.05) or a thousandth of the net is rounding. At risk is the tax that is off
-- history: 400
-- absolute: money
-- source: Council Directive 2006/112/EC, articles 226 and 168 (what an invoice says, what may be deducted)
WITH taxed AS (
    SELECT row_key, scope, source, currency, coalesce(vendor_id, vendor_key) AS vendor, amount_minor, net_minor,
           tax_minor, abs(coalesce(net_minor, amount_minor - tax_minor)) AS net, abs(tax_minor) AS tax
    FROM txn
    WHERE kind IN ('card', 'receipt', 'invoice', 'payment') AND tax_minor IS NOT NULL AND amount_minor IS NOT NULL
), summed AS (
    SELECT *, CASE WHEN abs(amount_minor - coalesce(net_minor, amount_minor - tax_minor) - tax_minor) > $cents THEN 1 ELSE 0 END AS off,
           CASE WHEN net >= $least_minor
                THEN CAST(floor(CAST(tax AS DOUBLE) * 1000 / net + 0.5) AS INTEGER) END AS rate
    FROM taxed
), orderly AS (
    SELECT source, avg(off) AS off FROM summed WHERE net_minor IS NOT NULL GROUP BY source
), counted AS (
    SELECT source, rate, count(*) AS n, count(DISTINCT vendor) AS vendors
    FROM summed
    WHERE rate IS NOT NULL
    GROUP BY source, rate
), whole AS (
    SELECT source, CAST(sum(n) AS DOUBLE) AS n FROM counted GROUP BY source
), usual AS (
    SELECT c.source, c.rate, c.n
    FROM counted c
    JOIN whole w ON w.source = c.source
    WHERE c.n >= $usual_n AND c.vendors > 1 AND c.n >= $usual_share * w.n
), known AS (
    SELECT u.source, max(u.rate) AS highest, sum(u.n) / max(w.n) AS share
    FROM usual u
    JOIN whole w ON w.source = u.source
    GROUP BY u.source
), of_vendor AS (
    SELECT source, vendor, rate, count(*) AS n
    FROM summed
    WHERE rate IS NOT NULL AND vendor IS NOT NULL
    GROUP BY source, vendor, rate
), habit AS (
    SELECT source, vendor, rate, n, sum(n) OVER (PARTITION BY source, vendor) AS rows_of,
           row_number() OVER (PARTITION BY source, vendor ORDER BY n DESC, rate) AS place
    FROM of_vendor
), held_against AS (
    SELECT s.*, h.rate AS own, h.n AS own_n, k.highest, o.off AS of_source, u.rate AS also,
           CASE WHEN h.n >= h.rows_of - 1 AND h.rate <> s.rate AND h.n >= CASE h.rate WHEN 0 THEN $never_n ELSE $same_n END
                THEN 1 ELSE 0 END AS alone,
           CASE WHEN k.share >= $regular THEN 1 ELSE 0 END AS regular
    FROM summed s
    LEFT JOIN orderly o ON o.source = s.source
    LEFT JOIN habit h ON h.source = s.source AND h.vendor = s.vendor AND h.place = 1
    LEFT JOIN known k ON k.source = s.source
    LEFT JOIN usual u ON u.source = s.source AND u.rate = s.rate
), judged AS (
    SELECT *,
           CASE WHEN off = 1 AND net_minor IS NOT NULL AND of_source <= 1 - $in_order THEN 'sum'
                WHEN also IS NULL AND regular = 1 AND rate > highest
                     AND tax - net * (highest / 1000.0) > greatest($cents, net / 1000.0) THEN 'above'
                WHEN alone = 1 AND own = 0 AND tax > $cents THEN 'first'
                WHEN alone = 1 AND abs(tax - net * (own / 1000.0)) > greatest($cents, net / 1000.0) THEN 'other'
           END AS reason,
           CASE WHEN alone = 1 THEN own ELSE highest END AS fitting
    FROM held_against
)
SELECT row_key, scope,
       CASE WHEN reason = 'other' AND (also IS NOT NULL OR tax = 0) THEN $weak_score ELSE $score END AS score,
       CASE WHEN reason = 'sum' THEN 'net ' || net_minor || ' minor units and tax ' || tax_minor || ' minor units of '
                                     || amount_minor || ' minor units'
            ELSE 'tax of ' || tax || ' minor units on ' || net || ' minor units, '
                 || CAST(CAST(rate / 10.0 AS DECIMAL(18, 1)) AS VARCHAR) || '%' END AS observed,
       CASE WHEN reason = 'sum' THEN 'net and tax that make the gross'
            WHEN reason = 'above' AND alone = 0 THEN 'at most ' || CAST(CAST(highest / 10.0 AS DECIMAL(18, 1)) AS VARCHAR) || '%'
            WHEN own = 0 THEN 'no tax'
            ELSE CAST(CAST(own / 10.0 AS DECIMAL(18, 1)) AS VARCHAR) || '%' END AS threshold,
       CASE WHEN reason = 'sum' OR alone = 0 THEN 'source ' || source
            ELSE own_n || ' other rows of vendor ' || vendor END AS population,
       'tax' AS field,
       CASE WHEN reason = 'sum' THEN amount_minor - net_minor - tax_minor
            ELSE CAST(floor(abs(tax - net * (fitting / 1000.0)) + 0.5) AS BIGINT) END AS off_minor
FROM judged
WHERE reason IS NOT NULL
