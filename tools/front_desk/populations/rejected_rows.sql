-- rejected_rows: rows of the sources that could not be read
-- noun: rejected row
-- unit: count
-- grain: a row of a file
-- not included: rows that a source's own filter leaves out
-- owner: audit desk
-- figure: rejected_count = count | how many rows could not be read
SELECT NULL AS row_key, CAST(NULL AS DATE) AS day, source, reason AS status, 1 AS value,
  file || ':' || line AS document
FROM rejected
