-- cash_flow: money in less money out, by the bank statements
-- noun: cash flow
-- needs: bank
-- unit: money
-- grain: a line of a bank statement
-- not included: cash that passes through no bank account
-- owner: treasury
-- figure: net_cash_flow = sum | credits less debits on the bank statements
-- figure: bank_line_count = count | how many lines of bank statements
SELECT row_key, posted_on AS day, vendor_key, vendor_name AS vendor, category, source, currency,
  amount_minor AS value, coalesce(reference, txn_id) AS document
FROM txn WHERE kind = 'bank'
