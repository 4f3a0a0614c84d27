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
), text AS (
    SELECT row_key, scope, source,
           ' ' || translate(upper(coalesce(vendor_name, '') || ' ' || coalesce(description, '')),
                            '-/.*_,:;#()+', '            ') || ' ' AS words
    FROM txn
    WHERE (kind IN ('card', 'payment') AND amount_minor > 0) OR (kind = 'bank' AND amount_minor < 0)
), likely AS (
    SELECT * FROM text
    WHERE strpos(words, 'GIFT') > 0 OR strpos(words, 'GUTSCHEIN') > 0 OR strpos(words, 'GESCHENK') > 0
        OR strpos(words, 'CADEAU') > 0 OR strpos(words, 'REGALO') > 0 OR strpos(words, ' PRESENT') > 0
        OR strpos(words, 'GAVEKORT') > 0 OR strpos(words, 'LAHJAKORTTI') > 0 OR strpos(words, 'PODARUNKOWA') > 0
        OR strpos(words, 'MONEY ORDER') > 0 OR strpos(words, 'CASH ADVANCE') > 0 OR strpos(words, 'VALE PRESENTE') > 0
        OR strpos(words, 'PAYSAFECARD') > 0
), worded AS (
    SELECT l.row_key, l.scope, l.source, min(w.word) AS word
    FROM likely l
    JOIN word w ON strpos(l.words, ' ' || w.word || ' ') > 0
    GROUP BY l.row_key, l.scope, l.source
), habit AS (
    SELECT w.source, w.n, s.n AS rows
    FROM (SELECT source, count(*) AS n FROM worded GROUP BY source) w
    JOIN (SELECT source, count(*) AS n FROM text GROUP BY source) s ON s.source = w.source
)
SELECT w.row_key, w.scope,
       CASE WHEN h.n > $usual_n AND h.n > $usual_share * h.rows THEN $weak_score ELSE $score END AS score,
       lower(w.word) AS observed, 'goods or services' AS threshold,
       CAST(h.n AS VARCHAR) || ' of ' || CAST(h.rows AS VARCHAR) || ' rows of ' || w.source || ' are so' AS population
FROM worded w
JOIN habit h ON h.source = w.source
