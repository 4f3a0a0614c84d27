-- statement_out_of_balance: a statement whose own figures do not agree with its lines
-- purpose: opening balance and entries lead to the closing balance, and trailers count and add up what is there;
--   where they do not, a line was lost, changed or read wrong
-- needs: statement_proof.subject
-- about: source
-- params: score = 90
-- scores: $score (90)
-- source: ISA 500, A31 (completeness and accuracy); BAI Cash Management Balance Reporting 2, trailers; ISO 20022
--   camt.053, balances
SELECT 'source:' || source AS row_key, $score AS score,
       file || coalesce(', account ' || account, '') || ': the ' || subject || ' does not agree: the lines give '
           || actual || coalesce(' ' || currency, '') AS observed,
       expected || coalesce(' ' || currency, '') AS threshold,
       'source ' || source || coalesce(', opening balance ' || opening, '') AS population,
       off_minor
FROM statement_proof
WHERE NOT ties
