-- Which documents speak of which suspect, by rules that know nothing of other documents: what is added to the
-- pile takes no document away from a row. (Only what merely names a vendor depends on how many others do.)
CREATE OR REPLACE TEMP TABLE linked AS
WITH terms AS (
    SELECT term, bool_or(amount OR number) AS figure, bool_or(vendor OR person) AS party
    FROM asked
    GROUP BY term
),
played AS (SELECT c.doc, c.term, t.figure, t.party FROM counted c JOIN terms t ON t.term = c.term),
-- Figures and parties that stand in one document: first by document, then by row, so that a sum which many
-- documents name costs nothing.
beside AS (
    SELECT f.doc, f.term AS figure, p.term AS party
    FROM played f
    JOIN played p ON p.doc = f.doc AND p.term <> f.term
    WHERE f.figure AND p.party
),
wanted AS (
    SELECT f.row_key, f.posted_day, f.term AS figure, p.term AS party,
           CASE WHEN f.amount AND p.vendor THEN 2 WHEN f.amount THEN 3 ELSE 4 END AS link
    FROM asked f
    JOIN asked p ON p.row_key = f.row_key AND p.term <> f.term
    WHERE (f.amount AND (p.vendor OR p.person)) OR (f.number AND p.vendor)
),
scarce AS (SELECT term FROM counted GROUP BY term HAVING count(*) <= $common_docs),
found AS (
    SELECT a.row_key, c.doc, 1 AS link
    FROM asked a
    JOIN counted c ON c.term = a.term
    WHERE a.identifier
    UNION ALL
    SELECT w.row_key, b.doc, w.link
    FROM wanted w
    JOIN beside b ON b.figure = w.figure AND b.party = w.party
    JOIN paper p ON p.doc = b.doc
    WHERE p.kind = 'document'
       OR p.day_number BETWEEN w.posted_day - CASE p.kind WHEN 'email' THEN $days_before ELSE $calendar_days END
                           AND w.posted_day + CASE p.kind WHEN 'email' THEN $days_after ELSE $calendar_days END
    UNION ALL
    SELECT a.row_key, c.doc, 5  -- the first word of its name, or two of them
    FROM asked a
    JOIN suspected r ON r.row_key = a.row_key
    SEMI JOIN scarce s ON s.term = a.term
    JOIN counted c ON c.term = a.term
    JOIN paper p ON p.doc = c.doc
    WHERE a.vendor
      AND (p.kind = 'document'
           OR p.day_number
              BETWEEN a.posted_day - CASE p.kind WHEN 'email' THEN $days_before ELSE $calendar_days END
                  AND a.posted_day + CASE p.kind WHEN 'email' THEN $days_after ELSE $calendar_days END)
    GROUP BY a.row_key, c.doc
    HAVING count(DISTINCT a.term) > 1 OR bool_or(a.term = regexp_extract(lower(coalesce(r.vendor_key, r.vendor_name)), '[a-z0-9]{3,}'))
),
best AS (SELECT row_key, doc, min(link) AS link FROM found GROUP BY row_key, doc)
SELECT b.row_key, b.doc, p.kind,
       ['names it', 'same amount and vendor', 'same amount and person', 'names a number of it and the vendor',
        'names the vendor'][b.link] AS link
FROM best b
JOIN paper p ON p.doc = b.doc
