-- invoice_again: invoice numbers that come more than once with one amount, whoever bears them
-- purpose: the only rows on which one invoice can stand twice
-- source: Nigrini, Forensic Analytics (2011), ch. 12 (same-same tests)
SELECT kind, currency, invoice_no, amount_minor
FROM txn
WHERE kind IN ('card', 'invoice', 'payment') AND amount_minor > 0 AND invoice_no IS NOT NULL AND posted_day IS NOT NULL
GROUP BY kind, currency, invoice_no, amount_minor
HAVING count(*) > 1
