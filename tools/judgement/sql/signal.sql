-- Every finding once, with its family; strong: enough by itself.
CREATE OR REPLACE TEMP TABLE signal AS
SELECT DISTINCT
    f."check", f.test, f.row_key, f.score, f.observed, f.threshold, f.population, f.partner_key, f.field,
    k.family, k.precedence, f.score > $over AS strong
FROM found f
JOIN known k ON k."check" = f."check" AND k.test = f.test
