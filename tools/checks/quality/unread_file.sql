-- unread_file: a file beside the books that nothing reads
-- purpose: what is not read is in no total and in no test; whoever reads the result has to know
-- needs: not_read.file
-- about: source
-- params: score = 80
-- scores: $score (80); take the file out of `not_read` once you have decided that it is none of the books
-- source: ISA 500, A31 (completeness); ISA 330, A42 (tests of completeness)
SELECT 'source:' || file AS row_key, $score AS score,
       file || ' is not read: ' || why AS observed,
       'every file beside the books' AS threshold,
       'files that are not read' AS population
FROM not_read
