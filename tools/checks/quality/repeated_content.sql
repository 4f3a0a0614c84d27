-- repeated_content: two rows of one source agree in every value but their id
-- purpose: a transaction keyed or exported again under a new id (or where the source has none). An amount that
--   this vendor (where none is named, this text) has again and again (a toll, a fare, a fee) is only a hint, and so are rows one behind the
--   other, those of other people's at once between them: tickets bought at once are keyed like that; what was loaded
--   twice as a block is another test's
-- needs: posted_on, amount_minor
-- params: score = 80, usual_score = 40, usual_days = 3, near_days = 31, large = 10, dear = 6, known_n = 5
-- scores: $score (80); $usual_score (40) when the vendor charged this amount on $usual_days (3) other days, or when the
--   ids follow each other, without ids (or where theirs are in no order) the lines of a file that goes by days (the
--   rows around are of within $near_days days); a sum of more than $large times the source's median is excused like that
--   only of a card, at a merchant of $known_n rows and more whose median it does not pass $dear times
-- absolute: order
-- source: Nigrini, Forensic Analytics (2011), chapter 12 (same-same-same test)
-- with: repeated_stretch
WITH lone AS (
    SELECT c.*, count(*) OVER (PARTITION BY c.source, c.content_hash) AS alike
    FROM copied_row c
    LEFT JOIN repeated_stretch s ON s.row_key = c.row_key
    WHERE s.row_key IS NULL
), placed AS (
    SELECT *, first_value(row_key) OVER same AS first_key, first_value(txn_id) OVER same AS first_id,
           number - lag(number) OVER numbered AS step, lag(series) OVER numbered AS before_series,
           line - lag(line) OVER lined AS lines_apart,
           min(series) OVER same_file <> max(series) OVER same_file AS is_unordered,
           count(*) OVER same_file AS in_file, min(line) OVER same_file AS first_line,
           max(line) OVER same_file AS last_line
    FROM lone
    WHERE alike > 1
    WINDOW same AS (
        PARTITION BY source, content_hash
        ORDER BY CASE scope WHEN 'window' THEN 1 ELSE 0 END, length(txn_id), txn_id, row_key
    ), numbered AS (
        PARTITION BY source, content_hash ORDER BY number, row_key
    ), lined AS (
        PARTITION BY source, content_hash, file ORDER BY line, row_key
    ), same_file AS (
        PARTITION BY source, content_hash, file
    )
), bought AS (
    SELECT t.source, t.vendor_key, t.amount_minor, t.posted_day, count(*) AS n
    FROM txn t
    JOIN (SELECT DISTINCT source, vendor_key, amount_minor, posted_day FROM placed) c
      ON c.source = t.source AND c.vendor_key = t.vendor_key AND c.amount_minor = t.amount_minor
        AND c.posted_day = t.posted_day
    GROUP BY t.source, t.vendor_key, t.amount_minor, t.posted_day
), lined_up AS (
    SELECT p.*, greatest(coalesce(b.n, 0), p.alike) AS together
    FROM placed p
    LEFT JOIN bought b ON b.source = p.source AND b.vendor_key = p.vendor_key AND b.amount_minor = p.amount_minor
        AND b.posted_day = p.posted_day
), beside AS (
    SELECT p.row_key, max(abs(t.posted_day - p.posted_day)) AS days
    FROM lined_up p
    JOIN txn t ON t.source = p.source AND coalesce(t.file, '') = p.file
        AND (t.line = p.first_line - 1 OR t.line = p.last_line + 1)
    WHERE (p.number IS NULL OR p.is_unordered) AND p.last_line - p.first_line < p.together AND p.in_file = p.alike
    GROUP BY p.row_key
), middle AS (
    SELECT t.source, t.currency, quantile_cont(abs(t.amount_minor), 0.5) AS amount
    FROM txn t
    JOIN (SELECT DISTINCT source FROM copied_row) c ON c.source = t.source
    GROUP BY t.source, t.currency
), at_vendor AS (
    SELECT t.source, t.currency, t.vendor_key, quantile_cont(abs(t.amount_minor), 0.5) AS amount
    FROM txn t
    JOIN (SELECT DISTINCT source, vendor_key FROM copied_row) c ON c.source = t.source AND c.vendor_key = t.vendor_key
    WHERE t.kind IN ('card', 'receipt')
    GROUP BY t.source, t.currency, t.vendor_key
    HAVING count(*) >= $known_n
), usual AS (
    SELECT t.source, coalesce(t.vendor_key, t.description) AS party, t.amount_minor, count(DISTINCT t.posted_day) AS days
    FROM txn t
    JOIN (SELECT DISTINCT t.source, coalesce(t.vendor_key, t.description) AS party, t.amount_minor
          FROM copied_row c JOIN txn t ON t.row_key = c.row_key) c
      ON c.source = t.source AND c.party = coalesce(t.vendor_key, t.description) AND c.amount_minor = t.amount_minor
    GROUP BY t.source, coalesce(t.vendor_key, t.description), t.amount_minor
), judged AS (
    SELECT p.row_key, p.scope, p.source, p.first_key, u.days,
           (abs(p.amount_minor) <= $large * m.amount OR abs(p.amount_minor) <= $dear * coalesce(v.amount, 0))
               AND (coalesce(p.step BETWEEN 1 AND p.together - 1 AND p.series = p.before_series, FALSE) OR coalesce(b.days <= $near_days, FALSE))
               AS is_twin
    FROM lined_up p
    JOIN txn t ON t.row_key = p.row_key
    JOIN middle m ON m.source = t.source AND coalesce(m.currency, '') = coalesce(t.currency, '')
    LEFT JOIN at_vendor v ON v.source = t.source AND v.vendor_key = t.vendor_key
        AND coalesce(v.currency, '') = coalesce(t.currency, '')
    LEFT JOIN beside b ON b.row_key = p.row_key
    LEFT JOIN usual u ON u.source = p.source AND u.party = coalesce(t.vendor_key, t.description)
        AND u.amount_minor = p.amount_minor
    WHERE p.row_key <> p.first_key AND (p.txn_id IS NULL OR p.first_id IS NULL OR p.txn_id <> p.first_id)
)
SELECT row_key, scope, CASE WHEN days > $usual_days OR is_twin THEN $usual_score ELSE $score END AS score,
       'same content as another row' || CASE WHEN days > $usual_days THEN '; this amount on ' || days || ' days'
           WHEN is_twin THEN ', right behind it' ELSE '' END AS observed,
       'one row for each content' AS threshold, 'source ' || source AS population, first_key AS partner_key
FROM judged
