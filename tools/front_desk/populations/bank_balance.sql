-- bank_balance: the balance of each bank account after its last line up to the end of the window
-- noun: bank balance
-- needs: bank
-- column: balance_minor
-- unit: money
-- grain: a bank account
-- window: end
-- not included: lines after the last one that states a balance
-- owner: treasury
-- figure: bank_balance = sum | stated balances of the bank accounts
SELECT row_key, posted_on AS day, source, currency, balance_minor AS value, coalesce(reference, txn_id) AS document
FROM txn WHERE kind = 'bank' AND balance_minor IS NOT NULL AND ($to_day IS NULL OR posted_on <= $to_day)
QUALIFY row_number() OVER (PARTITION BY source, currency, account ORDER BY posted_on DESC, line DESC) = 1
