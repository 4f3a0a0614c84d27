-- result: revenue less expenses: credits less debits on ledger accounts whose number begins with 4 to 8
-- noun: result
-- needs: ledger
-- unit: money
-- grain: a ledger posting
-- not included: accounts that do not begin with 4 to 8; closing entries are not taken out
-- owner: general ledger
-- figure: net_result = sum | credits less debits on accounts 4... to 8...
SELECT row_key, posted_on AS day, vendor_key, vendor_name AS vendor, account, source, currency,
  -amount_minor AS value, coalesce(journal_id, txn_id) AS document
FROM txn WHERE kind = 'ledger' AND account[1] IN ('4', '5', '6', '7', '8')
