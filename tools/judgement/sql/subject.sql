-- What the chosen keys name: postings; else a line that could not be read, a source, a row of a table.
CREATE OR REPLACE TEMP TABLE subject AS
SELECT row_key, txn_id, source, kind, posted_on, posted_day, amount_minor, currency, vendor_name, vendor_key,
       vendor_id, account, category, person_id, person_name, reference, invoice_no, journal_id, linked_id, description,
       created_by, approved_by, file, line
FROM txn t
SEMI JOIN chosen c ON c.row_key = t.row_key
UNION ALL BY NAME
SELECT c.row_key, coalesce(r.source, n.source, split_part(c.row_key, ':', 1)) AS source,
       CASE WHEN r.source IS NOT NULL THEN 'line' WHEN n.source IS NOT NULL THEN 'source' ELSE 'table' END AS kind,
       coalesce(r.file, p.file) AS file, coalesce(r.line, p.line) AS line, r.raw AS description
FROM chosen c
ANTI JOIN txn t ON t.row_key = c.row_key
LEFT JOIN (
    SELECT *, 'line:' || source || ':' || file || ':' || line AS row_key FROM rejected
) r ON r.row_key = c.row_key
LEFT JOIN table_place p ON p.row_key = c.row_key
LEFT JOIN (SELECT source, 'source:' || source AS row_key FROM source_kind) n ON n.row_key = c.row_key
