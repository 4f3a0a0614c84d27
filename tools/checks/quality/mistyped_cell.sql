-- mistyped_cell: a rare value that is one slip away from a common one of its column
-- purpose: birminghxm for birmingham, AL for al: the same thing written twice counts as two
-- kinds: table
-- about: cell
-- params: score = 80, times = 8, peers = 0.1
-- scores: $score (80) where the other value is $times (8) times as frequent; nothing in columns where more than
--   $peers (10%) of the frequent values are a slip apart themselves
-- source: Damerau (1964), A technique for computer detection and correction of spelling errors
SELECT source, row_key, field, value FROM cell
