-- control_total_mismatch: the rows read do not add up to what the source declares
-- purpose: rows and sums declared beside the file prove that it came over whole
-- needs: declared_total.source
-- about: source
-- params: score = 95
-- scores: $score (95)
-- source: ISA 500, A31; COSO (2013), principle 13 (information quality)
WITH read AS (
    SELECT d.source, d.currency, coalesce(d.currency, max(c.currency)) AS unit, max(d.rows) AS declared_rows, max(d.sum_minor) AS declared_sum,
           coalesce(sum(c.rows), 0) AS rows, coalesce(sum(c.rejected), 0) AS rejected,
           coalesce(sum(c.sum_minor), 0) AS sum_minor
    FROM declared_total d
    LEFT JOIN control_total c
      ON c.source = d.source AND (d.currency IS NULL OR c.currency IS NULL OR c.currency = d.currency)
    GROUP BY d.source, d.currency
)
SELECT 'source:' || source AS row_key, $score AS score,
       rows || ' rows (' || rejected || ' rejected), sum ' || sum_minor || ' minor units'
           || coalesce(' of ' || unit, '') AS observed,
       coalesce(declared_rows || ' rows', '')
           || coalesce(' sum ' || declared_sum || ' minor units' || coalesce(' of ' || unit, ''), '') AS threshold,
       'source ' || source AS population
FROM read
WHERE rows <> declared_rows OR sum_minor <> declared_sum
