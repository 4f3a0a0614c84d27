-- missing_receipt: a charge that needs a document and has none
-- purpose: expenses without support, in the categories that the pair requires documents for
-- needs: pair.documents
-- params: score = 75
-- scores: $score (75): no document by its own reference, nor by amount, date and vendor
-- source: ISA 500, A31 (occurrence); IRS Publication 463, "Adequate evidence"
SELECT b.row_key, $score AS score, b.why_not AS observed, 'a document' AS threshold,
       coalesce(c.population, b.pair) AS population, b.nearest_key AS partner_key
FROM "break" b
LEFT JOIN compared c ON c.pair = b.pair AND c.side = b.side
WHERE b.reason = 'missing_receipt'
