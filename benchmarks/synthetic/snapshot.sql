-- Snapshot: the canonical columns, filled as a reader of files would; one row in some thousands is dirty.
CREATE TABLE dirty AS
SELECT
    * REPLACE (
        CASE WHEN lot = 1 THEN NULL ELSE vendor_name END AS vendor_name,
        CASE WHEN lot = 2 THEN DATE '2052-06-10' ELSE posted_on END AS posted_on,
        CASE WHEN lot = 3 THEN posted_on - 9 ELSE due_on END AS due_on,
        CASE WHEN lot = 4 THEN '40x1' ELSE card_last4 END AS card_last4
    ),
    CASE WHEN lot = 5 THEN 'USX' ELSE 'USD' END AS currency
FROM (
    SELECT
        t.*,
        CASE WHEN dirt >= 0.002 THEN 0
             WHEN kind = 'invoice' THEN 1 + CAST(floor(dirt / 0.0005) AS INTEGER) % 3
             WHEN kind = 'card' THEN 4 + CAST(floor(dirt / 0.0005) AS INTEGER) % 3
             ELSE 0 END AS lot
    FROM (SELECT *, u(hash(txn_id), 60) AS dirt FROM told) t
);

INSERT INTO dirty SELECT * FROM dirty WHERE lot = 6;             -- read twice

CREATE TABLE txn_made AS
SELECT
    kind || ':' || left(md5(txn_id), 16) || '-'
        || CAST(row_number() OVER (PARTITION BY txn_id) AS VARCHAR) AS row_key,
    kind AS source, kind, 'Synthetic Ltd' AS entity,
    'window' AS scope, txn_id, posted_on, datediff('day', DATE '1970-01-01', posted_on) AS posted_day,
    amount_minor, currency, vendor_name, vendor_id, category, person_id,
    card_last4, reference, invoice_no, linked_id, description,
    CASE WHEN kind IN ('payment', 'invoice', 'ledger') THEN person_id END AS created_by,
    CASE WHEN kind = 'payment' THEN 'P' || lpad(CAST(21 + i % 5 AS VARCHAR), 3, '0') END AS approved_by,
    due_on, datediff('day', DATE '1970-01-01', due_on) AS due_day,
    left(md5(concat_ws('|', kind, posted_on, amount_minor, vendor_name, person_id, invoice_no, linked_id,
                       reference, description)), 16) AS content_hash,
    left(md5(concat_ws('|', kind, posted_on, vendor_name, person_id, invoice_no, linked_id,
                       reference, description)), 16) AS rest_hash, false AS rounded,
    kind || '.csv' AS file, i + 2 AS line
FROM dirty;

CREATE TABLE vendor_made AS
SELECT vendor_id, short_name || ' ' || suffix AS vendor_name,
       DATE '2023-01-01' + CAST(floor(u(rank, 50) * 600) AS INTEGER) AS created_on
FROM party;

CREATE TABLE calendar_out AS
SELECT
    CAST(day AS DATE) AS day, datediff('day', DATE '1970-01-01', CAST(day AS DATE)) AS day_number,
    strftime(day, '%A') AS day_name, isodow(day) < 6 AS is_business_day, false AS is_holiday,
    count_if(isodow(day) < 6) OVER (ORDER BY day) AS business_day_number,
    strftime(day, '%Y-%m') AS period, CAST(day AS DATE) = last_day(day) AS is_period_end
FROM range(DATE '2024-11-01', DATE '2026-02-01', INTERVAL 1 DAY) AS t(day);

CREATE TABLE truth_out AS
SELECT 'B' || CASE WHEN batched THEN root ELSE i END AS right_id, 'L' || i AS left_id,
       CASE WHEN batched THEN 'batch' ELSE 'single' END AS type
FROM event WHERE luck >= 0.03 OR batched;

CREATE TABLE planted_out AS
SELECT 'P' || i AS txn_id, 'amount_outlier' AS kind FROM event WHERE outlier AND NOT incoming AND $whole
UNION ALL
SELECT left(txn_id, length(txn_id) - 1), 'duplicate_payment' FROM told WHERE kind = 'payment' AND txn_id LIKE '%R';

INSERT INTO planted_out
SELECT txn_id, ['field_missing', 'date_in_future', 'due_before_invoice', 'card_malformed', 'currency_unknown',
                'row_repeated'][lot]
FROM dirty WHERE lot > 0;
