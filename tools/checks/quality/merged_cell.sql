-- merged_cell: two values run together in one cell, the other left empty
-- purpose: a value that slipped into its neighbour: Madison WI as the city, and no state
-- kinds: table
-- about: cell
-- params: score = 85
-- scores: $score (85) for both cells
-- source: Rahm and Do (2000), Data cleaning: problems and current approaches (misfielded values)
SELECT source, row_key, field, value FROM cell
