INSERT INTO matching
WITH side AS (
  SELECT DISTINCT left_key AS row_key, pair FROM read_parquet($match_file) WHERE left_key IS NOT NULL
  UNION SELECT DISTINCT right_key, pair FROM read_parquet($match_file) WHERE right_key IS NOT NULL
)
SELECT row_key, pair, 1 FROM side
UNION ALL
SELECT DISTINCT b.row_key, b.pair, 0 FROM read_parquet($break_file) b
ANTI JOIN side s ON s.row_key = b.row_key AND s.pair = b.pair
WHERE b.row_key IN (SELECT row_key FROM txn)
