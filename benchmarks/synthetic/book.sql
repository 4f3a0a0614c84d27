-- Books: the same events as the invoice, payment, ledger and bank files tell them, the bank's noisily.
CREATE TABLE bank_line AS
WITH said AS (
    SELECT
        CASE WHEN batched THEN root ELSE i END AS i,
        working(min(paid_on) + min(clears_after)) AS posted_on,
        sum(CASE WHEN incoming THEN amount_minor ELSE -amount_minor END) AS signed,
        min(short_name) AS short_name, min(suffix) AS suffix, min(invoice_no) AS invoice_no,
        bool_or(batched) AS batched, bool_or(incoming) AS incoming, min(luck) AS luck
    FROM event WHERE luck >= 0.03 OR batched                     -- three in a hundred never reach the bank
    GROUP BY CASE WHEN batched THEN root ELSE i END
)
SELECT
    i, posted_on, invoice_no, batched,
    CASE
        WHEN luck >= 0.97 AND NOT incoming THEN signed - 1500 - 500 * CAST(floor(u(i, 30) * 6) AS BIGINT)
        WHEN luck BETWEEN 0.96 AND 0.97 THEN signed + CASE WHEN signed > 0 THEN 900 ELSE -900 END
        ELSE signed
    END AS amount_minor,
    CASE WHEN batched THEN 'DEPOSIT' ELSE
        ['ACH DEBIT ', 'WIRE ', 'POS DEBIT ', 'E-PAYMENT '][1 + CAST(i % 4 AS INTEGER)]
        || left(CASE
            WHEN u(i, 31) < 0.10 THEN upper(short_name)
            WHEN u(i, 31) < 0.20 THEN substr(upper(short_name), 1, 3) || substr(upper(short_name), 5)
            ELSE upper(short_name || ' ' || suffix)
        END, 24) END AS said,
    CASE WHEN u(i, 32) >= $blank THEN invoice_no END AS reference
FROM said;

CREATE TABLE told AS
SELECT 'invoice' AS kind, i, 'I' || i AS txn_id, invoiced_on AS posted_on, amount_minor,
       short_name || ' ' || suffix AS vendor_name, vendor_id, person_id, invoice_no,
       invoiced_on + 30 AS due_on, 'goods and services' AS description, NULL AS reference,
       CAST(NULL AS VARCHAR) AS category, CAST(NULL AS VARCHAR) AS linked_id, CAST(NULL AS VARCHAR) AS card_last4
FROM event WHERE NOT incoming AND $whole
UNION ALL
SELECT 'payment', i, 'P' || i, paid_on, amount_minor, short_name || ' ' || suffix, vendor_id, person_id,
       invoice_no, NULL, 'payment run', CASE WHEN u(i, 33) >= $blank THEN 'PAY-' || i END, NULL, 'I' || i, NULL
FROM event WHERE NOT incoming AND $whole
UNION ALL
SELECT 'ledger', i, 'L' || i, paid_on, CASE WHEN incoming THEN amount_minor ELSE -amount_minor END,
       short_name || ' ' || suffix, NULL, person_id, invoice_no, NULL,
       short_name || ' ' || suffix || ', ' || invoice_no, CASE WHEN u(i, 34) >= $blank THEN invoice_no END,
       NULL, NULL, NULL
FROM event
UNION ALL
SELECT 'bank', i, 'B' || i, posted_on, amount_minor, NULL, NULL, NULL, NULL, NULL, said,
       reference, 'Transfer', NULL, NULL
FROM bank_line
UNION ALL
SELECT 'payment', i, 'P' || i || 'R', working(paid_on + 5), amount_minor, short_name || ' ' || suffix, vendor_id, person_id,
       invoice_no, NULL, 'payment run', 'PAY-' || i || 'R', NULL, 'I' || i, NULL
FROM event WHERE NOT incoming AND u(i, 35) < 0.001 AND $whole;   -- paid twice
