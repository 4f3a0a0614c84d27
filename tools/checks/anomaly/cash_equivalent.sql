-- cash_equivalent: gift cards, vouchers or cash bought in the company's name
-- purpose: what is as good as money leaves nothing behind that anybody could count: bought on a card, it is spent by
--   whoever has it. A company that buys it as a matter of course (prizes, meals of staff) says nothing by it
-- needs: amount_minor
-- kinds: card, payment, bank
-- params: score = 75, weak_score = 50, usual_share = 0.01, usual_n = 6
-- scores: $score (75); $weak_score (50): weak, where more than $usual_n such purchases, and more than $usual_share (1%)
--   of the source's rows, are of that kind
-- source: GAO-04-87G, Audit Guide: Auditing and Investigating the Purchase Card Program (cash advances, gift cards and
--   money orders); ACFE, Fraud Examiners Manual (expense schemes)
WITH word AS (
    SELECT 'GIFT CARD' AS word UNION ALL SELECT 'GIFT CARDS' UNION ALL SELECT 'GIFTCARD' UNION ALL SELECT 'GIFTCARDS'
    UNION ALL SELECT 'EGIFT' UNION ALL SELECT 'GIFT CERTIFICATE' UNION ALL SELECT 'GIFT CERTIFICATES'
    UNION ALL SELECT 'GIFT VOUCHER' UNION ALL SELECT 'GIFT VOUCHERS' UNION ALL SELECT 'MONEY ORDER'
    UNION ALL SELECT 'CASH ADVANCE' UNION ALL SELECT 'GUTSCHEIN' UNION ALL SELECT 'GUTSCHEINE'
    UNION ALL SELECT 'GUTSCHEINKARTE' UNION ALL SELECT 'GESCHENKKARTE' UNION ALL SELECT 'GESCHENKGUTSCHEIN'
    UNION ALL SELECT 'CARTE CADEAU' UNION ALL SELECT 'CARTES CADEAUX' UNION ALL SELECT 'CADEAUKAART'
    UNION ALL SELECT 'CADEAUBON' UNION ALL SELECT 'CADEAUBONNEN' UNION ALL SELECT 'CADEAUKAARTEN'
    UNION ALL SELECT 'TARJETA REGALO' UNION ALL SELECT 'CARTA REGALO' UNION ALL SELECT 'BUONO REGALO'
    UNION ALL SELECT 'PRESENTKORT' UNION ALL SELECT 'GAVEKORT' UNION ALL SELECT 'LAHJAKORTTI'
    UNION ALL SELECT 'KARTA PODARUNKOWA' UNION ALL SELECT 'VALE PRESENTE' UNION ALL SELECT 'PAYSAFECARD'
), stem AS (
    SELECT 'GIFT' AS stem UNION ALL SELECT 'GUTSCHEIN' UNION ALL SELECT 'GESCHENK' UNION ALL SELECT 'CADEAU'
    UNION ALL SELECT 'REGALO' UNION ALL SELECT 'PRESENT' UNION ALL SELECT 'GAVEKORT' UNION ALL SELECT 'LAHJAKORTTI'
    UNION ALL SELECT 'PODARUNKOWA' UNION ALL SELECT 'MONEY ORDER' UNION ALL SELECT 'CASH ADVANCE' UNION ALL SELECT 'PAYSAFE'
), told AS (
    SELECT DISTINCT vendor_name AS text FROM txn WHERE vendor_name IS NOT NULL
    UNION
    SELECT DISTINCT description FROM txn WHERE description IS NOT NULL AND kind IN ('card', 'payment', 'bank')
), stemmed AS (
    SELECT DISTINCT t.text FROM told t JOIN stem s ON strpos(upper(t.text), s.stem) > 0
), texts AS (
    SELECT text, ' ' || translate(upper(text), '-/.*_,:;#()+', '            ') || ' ' AS words FROM stemmed
), meaning AS (
    SELECT t.text, min(w.word) AS word
    FROM texts t
    JOIN word w ON strpos(t.words, ' ' || w.word || ' ') > 0
    GROUP BY t.text
), spent AS (
    SELECT row_key, scope, source, vendor_name, description
    FROM txn
    WHERE (kind IN ('card', 'payment') AND amount_minor > 0) OR (kind = 'bank' AND amount_minor < 0)
), worded AS (
    SELECT s.row_key, s.scope, s.source, coalesce(v.word, d.word) AS word
    FROM spent s
    LEFT JOIN meaning v ON v.text = s.vendor_name
    LEFT JOIN meaning d ON d.text = s.description
    WHERE v.text IS NOT NULL OR d.text IS NOT NULL
), habit AS (
    SELECT w.source, w.n, s.n AS rows
    FROM (SELECT source, count(*) AS n FROM worded GROUP BY source) w
    JOIN (SELECT source, count(*) AS n FROM spent GROUP BY source) s ON s.source = w.source
)
SELECT w.row_key, w.scope,
       CASE WHEN h.n > $usual_n AND h.n > $usual_share * h.rows THEN $weak_score ELSE $score END AS score,
       lower(w.word) AS observed, 'goods or services' AS threshold,
       CAST(h.n AS VARCHAR) || ' of ' || CAST(h.rows AS VARCHAR) || ' rows of ' || w.source || ' are so' AS population
FROM worded w
JOIN habit h ON h.source = w.source
