-- due_before_invoice: due before it was issued
-- purpose: a due date before the invoice's own date is a mistyped date, or terms that hurry a payment
-- needs: posted_on, due_on
-- kinds: invoice
-- params: score = 75
-- scores: $score (75)
-- source: DAMA-DMBOK2, chapter 13 (consistency across fields)
SELECT row_key, scope, $score AS score, 'due ' || (posted_day - due_day) || ' days before its date' AS observed,
       'due on or after its date' AS threshold, 'source ' || source AS population, 'due_on' AS field
FROM txn
WHERE kind = 'invoice' AND due_day < posted_day
