-- What both linking peers are given: the two sides with the bank's text rid of its leading words.
CREATE TABLE ledger_side AS
SELECT txn_id AS unique_id, amount_minor, posted_day, reference, upper(vendor_name) AS name
FROM read_parquet($txn) WHERE kind = 'ledger';

CREATE TABLE bank_side AS
SELECT txn_id AS unique_id, amount_minor, posted_day, reference,
       regexp_replace(description, '^(ACH DEBIT|WIRE|POS DEBIT|E-PAYMENT|DEPOSIT) ?', '') AS name
FROM read_parquet($txn) WHERE kind = 'bank';
