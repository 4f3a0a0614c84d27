-- Events: something bought or sold once; every book keeps its own record of it.
CREATE TABLE workday AS
SELECT row_number() OVER (ORDER BY day) - 1 AS n, CAST(day AS DATE) AS day
FROM range(DATE '2025-01-01', DATE '2025-11-15', INTERVAL 1 DAY) AS t(day)
WHERE isodow(day) < 6;

CREATE TABLE event AS
WITH chosen AS (
    SELECT
        i,
        u(i // 3, 20) < 0.03 AS batched,                         -- three receipts, one deposit
        CASE WHEN u(i // 3, 20) < 0.03 THEN i // 3 * 3 ELSE i END AS root
    FROM range($events) AS t(i)
), dated AS (
    SELECT
        c.*,
        CAST(floor(exp(u(root, 21) * ln(CAST(p.n AS DOUBLE)))) - 1 AS BIGINT) AS rank,   -- Zipf
        CAST(floor(u(root, 22) * w.n) AS BIGINT) AS workday
    FROM chosen c
    CROSS JOIN (SELECT count(*) + 1 AS n FROM party) p
    CROSS JOIN (SELECT count(*) AS n FROM workday) w
)
SELECT
    d.i, d.batched, d.root, p.rank, p.vendor_id, p.short_name, p.suffix,
    (d.batched OR p.customer) AS incoming,
    w.day AS invoiced_on,
    working(w.day + CAST(14 + floor(u(d.root, 23) * 17) AS INTEGER)) AS paid_on,
    CAST(floor(u(d.i, 24) * 4) AS INTEGER) AS clears_after,
    greatest(100, CAST(round(100 * exp(p.mu + p.sigma * gauss(d.i, 25))
        * CASE WHEN u(d.i, 26) < 0.0005 THEN 15 + 40 * u(d.i, 27) ELSE 1 END) AS BIGINT)) AS amount_minor,
    u(d.i, 26) < 0.0005 AS outlier,
    u(d.i, 28) AS luck,
    'INV-' || CAST(10000 + d.i AS VARCHAR) AS invoice_no,
    'P' || lpad(CAST(1 + d.i % 20 AS VARCHAR), 3, '0') AS person_id
FROM dated d
JOIN party p ON p.rank = d.rank
JOIN workday w ON w.n = d.workday;
