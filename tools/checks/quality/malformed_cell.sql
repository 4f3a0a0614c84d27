-- malformed_cell: a value that does not look like the rest of its column
-- purpose: units among plain numbers, dates in another order, codes with a digit lost, text decoded wrongly;
--   what the column usually looks like is learned from the column itself
-- kinds: table
-- about: cell
-- params: score = 80
-- scores: $score (80)
-- source: Raman and Hellerstein (2001), Potter's Wheel (column structures); Abedjan et al. (2016), Detecting Data
--   Errors: Where are we and what needs to be done?
SELECT source, row_key, field, value FROM cell
