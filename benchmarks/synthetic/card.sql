-- Cards: charges, receipts for half the categories, and one bank payment a month for the sum.
CREATE TABLE charge AS
SELECT
    i, w.day + CAST(u(i, 44) < 0.02 AS INTEGER) AS posted_on, p.short_name AS vendor_name, p.vendor_id,
    greatest(200, CAST(round(100 * exp(3.6 + 0.8 * gauss(i, 41))) AS BIGINT)) AS amount_minor,
    ['Travel', 'Meals', 'Software', 'Supplies'][1 + CAST(floor(u(i, 42) * 4) AS INTEGER)] AS category,
    1 + i % 20 AS person
FROM range($charges) AS t(i)
JOIN party p ON p.rank = CAST(floor(exp(u(i, 40) * ln(21.0))) - 1 AS BIGINT)
JOIN workday w ON w.n = CAST(floor(u(i, 43) * 220) AS BIGINT);

INSERT INTO told
SELECT 'card', i, 'C' || i, posted_on, amount_minor, vendor_name, vendor_id,
       'P' || lpad(CAST(person AS VARCHAR), 3, '0'), NULL, NULL, NULL, NULL, category, NULL,
       CAST(4000 + person AS VARCHAR)
FROM charge
UNION ALL
SELECT 'receipt', i, 'R' || i, posted_on, amount_minor, vendor_name, vendor_id,
       'P' || lpad(CAST(person AS VARCHAR), 3, '0'), NULL, NULL, NULL, NULL, category,
       CASE WHEN u(i, 45) < 0.8 THEN 'C' || i END, NULL
FROM charge WHERE category IN ('Travel', 'Meals') AND u(i, 46) >= 0.01
UNION ALL
SELECT 'bank', min(i), 'S' || strftime(posted_on, '%Y%m'), last_day(min(posted_on)), -sum(amount_minor),
       NULL, NULL, NULL, NULL, NULL, 'CARD PAYMENT', NULL, 'Card Payment', NULL, NULL
FROM charge GROUP BY strftime(posted_on, '%Y%m')
UNION ALL
SELECT 'ledger', min(i), 'S' || strftime(posted_on, '%Y%m') || 'L', last_day(min(posted_on)), -sum(amount_minor),
       NULL, NULL, NULL, NULL, NULL, 'Card payment', NULL, NULL, NULL, NULL
FROM charge GROUP BY strftime(posted_on, '%Y%m');
