-- respelled_vendor: a rare vendor name, a letter or two from a common one
-- purpose: a name that was mistyped splits one vendor into two, and hides a charge from every test that holds a vendor
--   against its own past; a name made to look like a known one is how a payment goes to somebody else
-- needs: vendor_key
-- kinds: card, receipt, invoice, payment
-- params: score = 75, weak_score = 40, usual_share = 0.05, few = 2, times = 8, long = 10, short = 3,
--   crowd = 20
-- scores: $score (75) where a name is on at most $few (2) rows, the other on $times (8) times as many, digits and signs
--   (and the characters of scripts that are no alphabet) agree, and one letter differs (two from $long (10) letters on); $weak_score (40): weak, where the other name has
--   $short (3) letters or fewer, or never this row's category, and where more than $usual_share (5%) of a source's rows
--   are such. A part of a name that more than $crowd (20) others share tells none of them
-- source: Damerau (1964), A technique for computer detection and correction of spelling errors; ACFE, Fraud Examiners
--   Manual (billing schemes: names like a real vendor's)
WITH called AS (
    SELECT source, vendor_key, count(*) AS n FROM txn
    WHERE vendor_key IS NOT NULL AND kind IN ('card', 'receipt', 'invoice', 'payment')
    GROUP BY source, vendor_key
), sized AS (
    SELECT source, vendor_key, n, CAST(sum(n) OVER (PARTITION BY source) AS BIGINT) AS rows_,
           CAST(length(vendor_key) AS INTEGER) AS letters, translate(vendor_key,
               'ABCDEFGHIJKLMNOPQRSTUVWXYZ ŁØÆŒÐÞĐİІАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЁЄЇҐЂЈЉЊЋЏΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ', ''
           ) AS signs
    FROM called
), piece AS (
    -- Halves and outer thirds bear one slip anywhere; of fifths, two slips of a long name leave one whole.
    SELECT part, low, high, fewest
    FROM (VALUES (1, 0.0, 0.5, 2), (2, 0.5, 1.0, 2), (3, 0.0, 0.3334, 3), (4, 0.6667, 1.0, 3), (5, 0.0, 0.2, 10),
                 (6, 0.2, 0.4, 10), (7, 0.4, 0.6, 10), (8, 0.6, 0.8, 10), (9, 0.8, 1.0, 10)) AS t(part, low, high, fewest)
), cut AS (
    SELECT l.letters, p.part, 1 + CAST(floor(p.low * l.letters) AS INTEGER) AS first,
           CAST(floor(p.high * l.letters) - floor(p.low * l.letters) AS INTEGER) AS size
    FROM (SELECT DISTINCT letters FROM sized WHERE n >= $times) l
    JOIN piece p ON l.letters >= p.fewest
), telling AS (
    SELECT s.source, s.vendor_key, s.n, s.letters, s.signs, c.part, substr(s.vendor_key, c.first, c.size) AS piece,
           count(*) OVER (
               PARTITION BY s.source, s.letters, s.signs, c.part, substr(s.vendor_key, c.first, c.size)
           ) AS crowd
    FROM sized s
    JOIN cut c ON c.letters = s.letters
    WHERE s.n >= $times AND c.size > 0
), slip AS (
    SELECT more, shift
    FROM (VALUES (0, 0), (0, -1), (0, 1), (1, 0), (1, 1), (-1, 0), (-1, -1), (2, 0), (2, 1), (2, 2), (-2, 0), (-2, -1),
                 (-2, -2)) AS t(more, shift)
), probe AS (
    SELECT s.source, s.vendor_key, s.n, s.rows_, s.signs, c.letters, c.part,
           substr(s.vendor_key, c.first - d.shift, c.size) AS piece
    FROM sized s
    CROSS JOIN slip d
    JOIN cut c ON c.letters = s.letters + d.more
    WHERE s.n <= $few AND s.letters > 2 AND c.size > 0 AND c.first > d.shift
      AND ((c.part > 4 AND s.letters >= 8) OR d.shift = CASE WHEN c.part IN (1, 3) THEN 0 ELSE d.more END)
), pair AS (
    SELECT DISTINCT p.source, p.n, p.rows_, p.vendor_key AS name_key, t.vendor_key AS other_key, t.n AS other_n
    FROM probe p
    JOIN telling t ON t.source = p.source AND t.letters = p.letters AND t.signs = p.signs AND t.part = p.part
     AND t.piece = p.piece
    WHERE t.crowd <= $crowd AND t.n >= $times * p.n
), rival AS (
    SELECT DISTINCT source, other_key FROM pair
), frequent AS (
    SELECT t.source, t.vendor_key, t.category, min(t.vendor_name) AS vendor_name
    FROM txn t
    JOIN rival o ON o.source = t.source AND o.other_key = t.vendor_key
    GROUP BY t.source, t.vendor_key, t.category
), likeliest AS (
    SELECT p.source, p.name_key, p.other_key, p.n, p.other_n, p.rows_, k.category, k.vendor_name
    FROM pair p
    JOIN frequent k ON k.source = p.source AND k.vendor_key = p.other_key
), lone AS (
    SELECT t.row_key, t.scope, t.source, t.vendor_name, t.vendor_key, t.category
    FROM txn t
    JOIN (SELECT DISTINCT source, name_key FROM pair) p ON p.source = t.source AND p.name_key = t.vendor_key
)
SELECT t.row_key, t.scope, t.source, t.vendor_name AS name, min(m.vendor_name) AS other_name, m.name_key, m.other_key,
       m.n, m.other_n, m.rows_,
       max(CASE WHEN t.category = m.category OR t.category IS NULL OR m.category IS NULL THEN 1 ELSE 0 END) AS usual
FROM lone t
JOIN likeliest m ON m.source = t.source AND m.name_key = t.vendor_key
GROUP BY t.row_key, t.scope, t.source, t.vendor_name, m.name_key, m.other_key, m.n, m.other_n, m.rows_
UNION ALL
-- Common names of which another common one is a letter away, too: they tell that a letter is no slip there.
SELECT NULL, NULL, o.source, NULL, NULL, b.vendor_key, o.other_key, b.n, a.n, NULL, NULL
FROM rival o
JOIN telling a ON a.source = o.source AND a.vendor_key = o.other_key
JOIN telling b ON b.source = a.source AND b.letters = a.letters AND b.signs = a.signs AND b.part = a.part
 AND b.piece = a.piece AND b.vendor_key <> a.vendor_key
