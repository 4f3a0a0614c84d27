-- BM25 (Robertson and Zaragoza 2009, k1 = 1.2, b = 0.75) over the terms that anybody asked for.
CREATE OR REPLACE TEMP TABLE hit AS
WITH tokens AS (
    SELECT doc, kind, day_number,
           list_concat(
               regexp_extract_all(plain, '[a-z0-9]+(?:[.\-/_#][a-z0-9]+)+'), regexp_extract_all(plain, '[a-z0-9]+')
           ) AS tokens
    FROM document
),
sizes AS (
    SELECT doc, kind, day_number, greatest(1, len(tokens)) AS size, count(*) OVER () AS docs,
           avg(len(tokens)) OVER () AS usual
    FROM tokens
),
spread AS (SELECT doc, unnest(tokens) AS term FROM tokens),
counted AS (
    SELECT s.doc, s.term, count(*) AS n
    FROM spread s
    SEMI JOIN asked a ON a.term = s.term
    GROUP BY s.doc, s.term
),
known AS (
    SELECT c.doc, c.term, c.n, z.kind, z.day_number, z.docs, z.size, z.usual,
           count(*) OVER (PARTITION BY c.term) AS holding
    FROM counted c
    JOIN sizes z ON z.doc = c.doc
),
weighed AS (
    SELECT doc, term, kind, day_number,
           holding > greatest($common_docs, $common_share * docs) AS is_common,
           ln(1 + (docs - holding + 0.5) / (holding + 0.5))
           * n * 2.2 / (n + 1.2 * (0.25 + 0.75 * size / usual)) AS weight
    FROM known
),
scored AS (
    SELECT a.row_key, w.doc, w.kind, sum(w.weight) AS score,
           bool_or(a.part = 'identifier') AS by_identifier,
           bool_or(a.part = 'amount') AS by_amount,
           bool_or(a.part = 'vendor') AS by_vendor,
           bool_or(a.part = 'person') AS by_person
    FROM asked a
    JOIN weighed w ON w.term = a.term
    WHERE NOT w.is_common
      AND (a.part = 'identifier'
           OR w.day_number
              BETWEEN a.posted_day - CASE w.kind WHEN 'calendar' THEN $calendar_days ELSE $days_before END
                  AND a.posted_day + CASE w.kind WHEN 'calendar' THEN $calendar_days ELSE $days_after END)
    GROUP BY a.row_key, w.doc, w.kind
),
linked AS (
    SELECT *,
           CASE WHEN by_identifier THEN 'names it'
                WHEN by_amount AND by_vendor THEN 'same amount and vendor'
                WHEN by_amount AND by_person THEN 'same amount and person'
                WHEN by_vendor THEN 'names the vendor' END AS link
    FROM scored
)
SELECT *, row_number() OVER (
    PARTITION BY row_key, kind
    ORDER BY CASE link WHEN 'names the vendor' THEN 1 ELSE 0 END, score DESC, doc
) AS place
FROM linked
WHERE link IS NOT NULL
QUALIFY place <= $hits
