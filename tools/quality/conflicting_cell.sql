-- conflicting_cell: a cell that contradicts what the rest of its row all but decides
-- purpose: where a zip code goes with one city on every other row, another city is wrong; which columns decide
--   which is learned from the data
-- kinds: table
-- about: cell
-- params: score = 75, least = 0.3
-- scores: $score (75) to 95, as the share of the votes against the cell rises from $least (0.3) to 1
-- source: Huhtala et al. (1999), TANE, for approximate dependencies; Bohannon et al. (2005), A cost-based model and
--   effective heuristic for repairing constraints, for the repair by the majority
SELECT source, row_key, field, value FROM cell
