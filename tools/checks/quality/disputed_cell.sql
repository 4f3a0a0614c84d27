-- disputed_cell: a value that other sources contradict, or do not bear out
-- purpose: where several sources report the same thing (a column says which source), their reports have to agree; what
--   most of them say holds, and where they are of several minds nothing does
-- kinds: table
-- about: cell
-- params: score = 85, open_score = 75, share = 0.66, fewest = 3
-- scores: $score (85) for a cell that differs from what $share (66%) of at least $fewest (3) reports say, or says
--   nothing; $open_score (75) for each report where no value has that many
-- source: Li et al. (2012), Truth finding on the deep web: is the problem solved?, on voting among sources
SELECT source, row_key, field, value FROM cell
