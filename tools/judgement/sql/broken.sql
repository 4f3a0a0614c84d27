-- What reconciliation says of each suspect: one break a row, the gravest; receipts apart.
CREATE OR REPLACE TEMP TABLE broken AS
WITH breaks AS (
    SELECT b.*, coalesce(p.mode, '') = 'documents' AND b.side = 'left' AS of_documents
    FROM break_result b
    SEMI JOIN chosen c ON c.row_key = b.row_key
    LEFT JOIN pair_mode p ON p.pair = b.pair
),
ranked AS (
    SELECT *, row_number() OVER (
        PARTITION BY row_key
        ORDER BY of_documents, side <> 'statement', abs(coalesce(difference_minor, 0)) DESC, pair, reason
    ) AS place
    FROM breaks
),
row_breaks AS (
    SELECT row_key,
           bool_or(NOT of_documents AND side <> 'statement' AND NOT list_contains($excused, reason)) AS unmatched,
           bool_or(side = 'statement') AS statement,
           bool_or(of_documents) AS no_receipt
    FROM breaks
    GROUP BY row_key
)
SELECT row_breaks.*, r.reason, r.difference_minor, r.nearest_key, r.why_not, r.other_until
FROM row_breaks
JOIN ranked r ON r.row_key = row_breaks.row_key AND r.place = 1
