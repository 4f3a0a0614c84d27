-- Every finding once, with its family; strong: enough by itself. What only lacks its document is of the
-- receipts' family, whichever test found it.
CREATE OR REPLACE TEMP TABLE signal AS
WITH lacking AS (
    SELECT b.row_key, bool_and(p.mode = 'documents' AND b.side = 'left') AS only_document
    FROM break_result b
    LEFT JOIN pair_mode p ON p.pair = b.pair
    GROUP BY b.row_key
)
SELECT DISTINCT
    f."check", f.test, f.row_key, f.score, f.observed, f.threshold, f.population, f.partner_key, f.field, f.event, f.off_minor,
    k.family, k.precedence, f.score > $over AS strong
FROM found f
LEFT JOIN lacking l ON l.row_key = f.row_key
JOIN known k
  ON k."check" = f."check" AND k.test = f.test
 AND k.for_document = (f."check" = 'reconciliation' AND coalesce(l.only_document, FALSE))
