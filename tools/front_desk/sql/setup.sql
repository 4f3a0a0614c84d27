CREATE MACRO voided(status) AS regexp_matches(lower(coalesce(status, '')), '^(void|revers|cancel|storn)');
CREATE TABLE blank (
  row_key VARCHAR, day DATE, vendor_key VARCHAR, vendor VARCHAR, person VARCHAR, account VARCHAR,
  category VARCHAR, source VARCHAR, currency VARCHAR, severity VARCHAR, status VARCHAR, test VARCHAR,
  age VARCHAR, pair VARCHAR, subject VARCHAR, document VARCHAR, days_late BIGINT
);
CREATE TABLE vendor_label AS
SELECT vendor_key, arg_max(vendor_name, (n, vendor_name)) AS label
FROM (
  SELECT vendor_key, vendor_name, kind, count(*) AS n FROM txn
  WHERE vendor_key IS NOT NULL AND vendor_name IS NOT NULL GROUP BY ALL
)
GROUP BY ALL
