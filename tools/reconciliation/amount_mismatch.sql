-- amount_mismatch: two rows that belong together and differ in amount
-- purpose: a keying error (transposed digits), an unexplained difference, or a sum changed on the way
-- params: score = 75
-- scores: $score (75): the rows agree in everything but the amount
-- source: ISA 330, A45 (reperformance of a reconciliation); Nigrini, Forensic Analytics (2011), ch. 10
SELECT b.row_key, $score AS score, b.reason || ': ' || b.why_not AS observed,
       'equal amounts' AS threshold, b.pair || ', ' || b.side AS population, b.nearest_key AS partner_key
FROM "break" b
WHERE b.side IN ('left', 'right') AND b.reason IN ('amount', 'transposed_digits', 'fx')
