-- How often each document holds each term that anybody asked for.
CREATE OR REPLACE TEMP TABLE counted AS
WITH spread AS (SELECT doc, unnest(tokens) AS term FROM paper)
SELECT s.doc, s.term, count(*) AS n
FROM spread s
SEMI JOIN asked a ON a.term = s.term
GROUP BY s.doc, s.term
