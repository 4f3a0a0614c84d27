-- inflow: money that came into the bank accounts
-- noun: inflow
-- needs: bank
-- unit: money
-- grain: a line of a bank statement
-- not included: transfers are counted on the account that they reach
-- owner: treasury
-- figure: bank_inflow = sum | credits on the bank statements
-- figure: inflow_count = count | how many credits
-- figure: largest_inflow = largest | the greatest credit
-- figure: smallest_inflow = smallest | the least credit
SELECT row_key, posted_on AS day, vendor_key, vendor_name AS vendor, category, source, currency,
  amount_minor AS value, coalesce(reference, txn_id) AS document
FROM txn WHERE kind = 'bank' AND amount_minor > 0
