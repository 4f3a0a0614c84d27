-- amount_seen: the amounts of each source, and how often each comes
-- purpose: tests of figures count amounts; they are read once
-- source: Nigrini, Forensic Analytics (2011), ch. 6
SELECT source, kind, currency, amount_minor, count(*) AS n
FROM txn
WHERE kind IN ('card', 'invoice', 'payment', 'ledger') AND amount_minor <> 0
GROUP BY source, kind, currency, amount_minor
