-- What the row's person had in the calendar around the day.
SELECT s.row_key, e.doc_id, concat_ws(', ', e.title, e.location, e.attendees) AS excerpt,
       CAST(e.starts_at AS VARCHAR) AS dated
FROM suspected s
JOIN event e
  ON CAST(e.starts_at AS DATE) <= s.posted_on + CAST($calendar_days AS INTEGER)
 AND CAST(coalesce(e.ends_at, e.starts_at) AS DATE) >= s.posted_on - CAST($calendar_days AS INTEGER)
 AND (e.person_id = s.person_id OR contains(lower(e.attendees), lower(s.person_name)))
QUALIFY row_number() OVER (
    PARTITION BY s.row_key
    ORDER BY abs(date_diff('day', CAST(e.starts_at AS DATE), s.posted_on)), e.starts_at, e.doc_id
) <= $hits
ORDER BY s.row_key, dated, e.doc_id
