-- Names of whom the books deal with already.
SELECT DISTINCT vendor_key AS party_key FROM txn WHERE vendor_key IS NOT NULL
UNION SELECT party_key FROM receivable WHERE party_key IS NOT NULL
