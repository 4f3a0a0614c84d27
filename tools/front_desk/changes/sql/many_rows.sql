-- Rows of made-up books: $rows postings of three years, from 2,000 vendors and 300 people, of the kinds in $kinds.
SELECT 'r' || i AS row_key, 'books' AS source, $kinds[1 + CAST(hash(i, 1) % len($kinds) AS BIGINT)] AS kind, 'Test Ltd' AS entity,
       'window' AS scope, 'T' || i AS txn_id, day AS posted_on, day - DATE '1970-01-01' AS posted_day,
       CAST(day + to_hours(CAST(hash(i, 2) % 24 AS BIGINT)) AS TIMESTAMP) AS posted_at,
       CAST(hash(i, 2) % 24 AS INTEGER) AS posted_hour,
       CAST(exp(4 + 6 * (hash(i, 3) % 1000) / 1000) * 100 AS BIGINT) AS amount_minor, 'USD' AS currency,
       'Vendor ' || (hash(i, 4) % 2000) AS vendor_name, 'VENDOR ' || (hash(i, 4) % 2000) AS vendor_key,
       'V' || (hash(i, 4) % 2000) AS vendor_id, CAST(4000 + hash(i, 5) % 90 AS VARCHAR) AS account,
       'C' || (hash(i, 6) % 12) AS category, 'P' || (hash(i, 7) % 300) AS person_id,
       'Person ' || (hash(i, 7) % 300) AS person_name, 'INV-' || (i // 2) AS invoice_no,
       'U' || (hash(i, 8) % 40) AS created_by, 'U' || (hash(i, 9) % 40) AS approved_by,
       day + CAST(hash(i, 10) % 60 AS INTEGER) AS due_on,
       day + CAST(hash(i, 10) % 60 AS INTEGER) - DATE '1970-01-01' AS due_day,
       day + CAST(hash(i, 11) % 3 AS INTEGER) AS entered_on,
       day + CAST(hash(i, 11) % 3 AS INTEGER) - DATE '1970-01-01' AS entered_day,
       'J' || (i // 4) AS journal_id, 'posting ' || i AS description, 'books.csv' AS file, i AS line
FROM (SELECT i, DATE '2023-01-01' + CAST(hash(i) % 1096 AS INTEGER) AS day FROM range($rows) numbers(i))
