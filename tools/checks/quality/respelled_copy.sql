-- respelled_copy: the same charge of the same person again, with the merchant written differently or a detail missing
-- purpose: a charge that was keyed or exported again with its merchant written otherwise, or without its category,
--   card or holder, passes for another purchase wherever rows are compared letter by letter
-- needs: posted_on, amount_minor
-- kinds: card, receipt
-- params: score = 75, code_score = 55, alike = 0.85, least = 3
-- scores: $score (75) where day and amount are the same, nothing else contradicts, and the names agree in $alike (85%)
--   of their letters, or but for one letter of $least (3) and more, and in every digit; $code_score (55): weak, where an
--   order's code (US*1A2B3C) stands behind one of the names. Two codes are two orders
-- source: Nigrini, Forensic Analytics (2011), chapter 12 (same-same-different test, the name being the different);
--   Levenshtein (1966) for the likeness
WITH spent AS (
    SELECT source, posted_day, amount_minor
    FROM txn
    WHERE kind IN ('card', 'receipt') AND amount_minor <> 0 AND posted_day IS NOT NULL
    GROUP BY source, posted_day, amount_minor
    HAVING count(*) > 1
), charge AS (
    SELECT t.row_key, t.scope, t.source, t.posted_day, t.amount_minor, t.person_id, t.person_name, t.txn_id,
           t.vendor_key, t.vendor_name, t.category, t.card_last4, t.content_hash,
           lpad(coalesce(t.txn_id, ''), 40, ' ') || t.row_key AS place
    FROM txn t
    JOIN spent s ON s.source = t.source AND s.posted_day = t.posted_day AND s.amount_minor = t.amount_minor
    WHERE t.kind IN ('card', 'receipt')
), met AS (
    SELECT l.row_key, l.scope, l.source, l.vendor_name AS name, f.vendor_name AS other_name, l.vendor_key AS name_key,
           f.vendor_key AS other_key, f.row_key AS partner_key, l.category = f.category AS same_category,
           coalesce(l.person_id = f.person_id, l.person_name = f.person_name) AS same_person,
           coalesce(l.vendor_name, '') <> coalesce(f.vendor_name, '')
               OR (l.person_id IS NULL) <> (f.person_id IS NULL) OR (l.person_name IS NULL) <> (f.person_name IS NULL)
               OR (l.category IS NULL) <> (f.category IS NULL) OR (l.card_last4 IS NULL) <> (f.card_last4 IS NULL)
               AS differs
    FROM charge l
    JOIN charge f ON f.source = l.source AND f.posted_day = l.posted_day AND f.amount_minor = l.amount_minor
     AND l.place > f.place AND coalesce(l.content_hash, l.row_key) <> coalesce(f.content_hash, f.row_key)
    WHERE (l.txn_id IS NULL OR f.txn_id IS NULL OR l.txn_id <> f.txn_id)
      AND (l.card_last4 IS NULL OR f.card_last4 IS NULL OR l.card_last4 = f.card_last4)
)
-- One person at one merchant; where one of the two is left out on one of the rows, the category has to agree.
SELECT row_key, scope, source, name, other_name, name_key, other_key, partner_key
FROM met
WHERE differs AND coalesce(same_person, TRUE)
  AND ((same_person AND name_key IS NOT NULL AND other_key IS NOT NULL)
       OR (same_category AND coalesce(same_person, name_key = other_key, FALSE)))
