CREATE MACRO voided(status) AS regexp_matches(lower(coalesce(status, '')), '^(void|revers|cancel|storn)');
CREATE TABLE blank (
  row_key VARCHAR, day DATE, vendor_key VARCHAR, vendor VARCHAR, person VARCHAR, account VARCHAR,
  category VARCHAR, source VARCHAR, currency VARCHAR, severity VARCHAR, status VARCHAR, test VARCHAR,
  age VARCHAR, pair VARCHAR, subject VARCHAR, document VARCHAR
)
