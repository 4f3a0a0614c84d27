-- expenses: what was expensed: debits less credits on ledger accounts whose number begins with 5 to 8
-- noun: expense
-- needs: ledger
-- unit: money
-- grain: a ledger posting
-- not included: accounts that do not begin with 5, 6, 7 or 8, whatever they are called
-- owner: general ledger
-- figure: expenses = sum | debits less credits on accounts 5... to 8...
SELECT row_key, posted_on AS day, vendor_key, vendor_name AS vendor, account, source, currency,
  amount_minor AS value, coalesce(journal_id, txn_id) AS document
FROM txn WHERE kind = 'ledger' AND account[1] IN ('5', '6', '7', '8')
