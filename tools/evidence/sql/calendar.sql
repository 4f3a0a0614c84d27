-- What the row's person had in the calendar around the day: by person first, then by day.
WITH people AS (
    SELECT DISTINCT s.person_id, s.person_name, lower(s.person_name) AS name, lower(e.email) AS email
    FROM suspected s
    LEFT JOIN (SELECT person_id, min(email) AS email FROM employee GROUP BY person_id) e
      ON e.person_id = s.person_id
    WHERE s.person_id IS NOT NULL OR s.person_name IS NOT NULL
),
dated AS (
    SELECT doc_id, title, location, attendees, person_id, starts_at, lower(attendees) AS who,
           CAST(starts_at AS DATE) AS first_day, CAST(coalesce(ends_at, starts_at) AS DATE) AS last_day
    FROM event
    WHERE starts_at IS NOT NULL
),
theirs AS (
    SELECT p.person_id AS of_id, p.person_name AS of_name, d.*
    FROM people p
    JOIN dated d
      ON d.person_id = p.person_id OR contains(d.who, p.name) OR contains(d.who, p.email)
)
SELECT s.row_key, t.doc_id, concat_ws(', ', t.title, t.location, t.attendees) AS excerpt,
       CAST(t.starts_at AS VARCHAR) AS dated
FROM suspected s
JOIN theirs t
  ON t.of_id IS NOT DISTINCT FROM s.person_id AND t.of_name IS NOT DISTINCT FROM s.person_name
 AND t.first_day <= s.posted_on + CAST($calendar_days AS INTEGER)
 AND t.last_day >= s.posted_on - CAST($calendar_days AS INTEGER)
QUALIFY row_number() OVER (
    PARTITION BY s.row_key
    ORDER BY abs(date_diff('day', t.first_day, s.posted_on)), t.starts_at, t.doc_id, excerpt
) <= $hits
ORDER BY s.row_key, dated, t.doc_id
