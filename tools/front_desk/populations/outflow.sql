-- outflow: money that left the bank accounts, as a positive amount
-- noun: outflow
-- needs: bank
-- unit: money
-- grain: a line of a bank statement
-- not included: transfers are counted on the account that they leave
-- owner: treasury
-- figure: bank_outflow = sum | debits on the bank statements
-- figure: outflow_count = count | how many debits
-- figure: largest_outflow = largest | the greatest debit
-- figure: smallest_outflow = smallest | the least debit
SELECT row_key, posted_on AS day, vendor_key, vendor_name AS vendor, category, source, currency,
  -amount_minor AS value, coalesce(reference, txn_id) AS document
FROM txn WHERE kind = 'bank' AND amount_minor < 0
