-- velocity: far more postings within days than is usual for this party
-- purpose: a stolen card, a scheme in a hurry, a batch entered twice: by cardholder, else by vendor
-- needs: posted_on
-- kinds: card, invoice, payment
-- params: days = 7, least_n = 8, ratio = 3.0, score = 45
-- scores: weak: $score (45)
-- history: 180
-- source: ACFE, Fraud Examiners Manual (payment cards); its busiest day, and its busiest $days days, against the next
--   busiest that don't overlap them, as the relative size factor does for amounts (Nigrini, 2011)
WITH daily AS (
    SELECT kind, CASE WHEN kind = 'card' THEN coalesce(person_id, person_name, card_last4, vendor_key)
                      ELSE coalesce(vendor_id, vendor_key) END AS party, posted_day, count(*) AS n
    FROM txn
    WHERE kind IN ('card', 'invoice', 'payment') AND posted_day IS NOT NULL
    GROUP BY kind, CASE WHEN kind = 'card' THEN coalesce(person_id, person_name, card_last4, vendor_key)
                        ELSE coalesce(vendor_id, vendor_key) END, posted_day
), party AS (
    SELECT row_number() OVER (ORDER BY kind, party) AS number, kind, party
    FROM daily
    WHERE party IS NOT NULL
    GROUP BY kind, party
), counted AS (
    SELECT p.number, d.posted_day, d.n FROM daily d JOIN party p ON p.kind = d.kind AND p.party = d.party
), summed AS (
    SELECT number, 1 AS days, posted_day, n FROM counted
    UNION ALL
    SELECT number, $days, posted_day, CAST(sum(n) OVER (
               PARTITION BY number ORDER BY posted_day RANGE BETWEEN $days - 1 PRECEDING AND CURRENT ROW
           ) AS BIGINT)
    FROM counted
), busiest AS (
    SELECT number, days, max(n) AS n
    FROM summed
    GROUP BY number, days
    HAVING max(n) >= $least_n AND max(n) >= $ratio * avg(n)
), peak AS (
    SELECT b.number, b.days, b.n, min(s.posted_day) AS posted_day
    FROM busiest b
    JOIN summed s ON s.number = b.number AND s.days = b.days AND s.n = b.n
    GROUP BY b.number, b.days, b.n
), peers AS (
    SELECT w.kind, w.party, p.days, p.n, p.posted_day, max(s.n) AS next
    FROM peak p
    JOIN summed s ON s.number = p.number AND s.days = p.days AND abs(s.posted_day - p.posted_day) >= p.days
    JOIN party w ON w.number = p.number
    GROUP BY w.kind, w.party, p.days, p.n, p.posted_day
    HAVING p.n >= $ratio * max(s.n)
), burst AS (
    SELECT t.row_key, o.n, o.days, o.next, o.party,
           row_number() OVER (PARTITION BY t.row_key ORDER BY o.days) AS place
    FROM peers o
    JOIN txn t ON t.kind = o.kind AND t.posted_day BETWEEN o.posted_day - o.days + 1 AND o.posted_day
        AND CASE WHEN t.kind = 'card' THEN coalesce(t.person_id, t.person_name, t.card_last4, t.vendor_key)
                 ELSE coalesce(t.vendor_id, t.vendor_key) END = o.party
)
SELECT row_key, $score AS score,
       CAST(n AS VARCHAR) || ' postings within ' || CAST(days AS VARCHAR) || ' days' AS observed,
       'below ' || CAST(CAST($ratio AS DECIMAL(18, 1)) AS VARCHAR) || ' times the next busiest, which had '
           || CAST(next AS VARCHAR) AS threshold,
       'postings of ' || party AS population
FROM burst
WHERE place = 1
