-- revenue: what was earned: credits less debits on ledger accounts whose number begins with 4
-- noun: revenue
-- needs: ledger
-- unit: money
-- grain: a ledger posting
-- not included: accounts that do not begin with 4, whatever they are called
-- owner: general ledger
-- figure: revenue = sum | credits less debits on accounts 4...
SELECT row_key, posted_on AS day, vendor_key, vendor_name AS vendor, account, source, currency,
  -amount_minor AS value, coalesce(journal_id, txn_id) AS document
FROM txn WHERE kind = 'ledger' AND account LIKE '4%'
