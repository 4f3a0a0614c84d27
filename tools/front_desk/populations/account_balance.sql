-- account_balance: closing balance of ledger accounts in the last period of the trial balance up to the window's end
-- noun: account balance
-- table: trial_balance
-- unit: money
-- grain: an account
-- window: end
-- not included: postings after that period; debits are positive
-- owner: general ledger
-- figure: account_balance = sum | closing balances, debits positive
SELECT NULL AS row_key, last_day(CAST(period || '-01' AS DATE)) AS day, account, 'trial balance' AS source,
  currency, closing_minor AS value, account AS document
FROM trial_balance WHERE $to_day IS NULL OR CAST(period || '-01' AS DATE) <= $to_day
QUALIFY row_number() OVER (PARTITION BY account, currency ORDER BY period DESC) = 1
