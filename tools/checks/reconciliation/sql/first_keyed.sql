-- first_keyed: the least key of each group's left rows
SELECT pair, grouped, min(left_row_key) AS first_key FROM keyed WHERE grouped IS NOT NULL GROUP BY pair, grouped
