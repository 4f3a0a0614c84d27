SELECT min(posted_on) AS first_day, max(posted_on) AS last_day FROM txn
