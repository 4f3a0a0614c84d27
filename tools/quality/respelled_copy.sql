-- respelled_copy: the same charge of the same person under a name that is all but the same
-- purpose: a charge that was keyed or exported again with its merchant written otherwise passes for another
--   purchase wherever names are compared letter by letter
-- needs: posted_on, amount_minor, vendor_key
-- kinds: card, receipt
-- params: score = 75, alike = 0.85
-- scores: $score (75) where the names agree in $alike (85%) of their letters and in every digit
-- source: Nigrini, Forensic Analytics (2011), chapter 12 (same-same-different test, the name being the different);
--   Levenshtein (1966) for the likeness
WITH spent AS (
    SELECT source, posted_day, amount_minor, coalesce(person_id, person_name) AS person
    FROM txn
    WHERE kind IN ('card', 'receipt') AND (person_id IS NOT NULL OR person_name IS NOT NULL)
      AND vendor_key IS NOT NULL AND amount_minor <> 0 AND posted_day IS NOT NULL
    GROUP BY source, posted_day, amount_minor, coalesce(person_id, person_name)
    HAVING count(*) > 1
), charge AS (
    SELECT t.row_key, t.scope, t.source, t.posted_day, t.amount_minor, s.person, t.txn_id, t.vendor_key, t.vendor_name,
           lpad(coalesce(t.txn_id, ''), 40, ' ') || t.row_key AS place
    FROM txn t
    JOIN spent s ON s.source = t.source AND s.posted_day = t.posted_day AND s.amount_minor = t.amount_minor
     AND s.person = coalesce(t.person_id, t.person_name)
    WHERE t.kind IN ('card', 'receipt')
)
SELECT l.row_key, l.scope, l.source, l.vendor_name AS name, f.vendor_name AS other_name, l.vendor_key AS name_key,
       f.vendor_key AS other_key, f.row_key AS partner_key
FROM charge l
JOIN charge f ON f.source = l.source AND f.posted_day = l.posted_day AND f.amount_minor = l.amount_minor
 AND f.person = l.person AND f.vendor_key <> l.vendor_key AND l.place > f.place
WHERE l.txn_id IS NULL OR f.txn_id IS NULL OR l.txn_id <> f.txn_id
