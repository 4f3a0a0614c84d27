-- missing_required_field: a field that its source has to fill is empty
-- purpose: a posting without its amount, date, party or id can be neither matched nor judged; the share of
--   rows without such a gap is what the gate of the run looks at
-- needs: required_field.field
-- params: score = 80
-- scores: $score (80) for each field that is missing ("N/A", "null", "-" and blanks are read as missing)
-- source: ISA 500, A31 (completeness of information produced by the entity); DAMA-DMBOK2, chapter 13
WITH required AS (
    SELECT source, max(CASE field WHEN 'txn_id' THEN 1 ELSE 0 END) AS txn_id,
           max(CASE field WHEN 'posted_on' THEN 1 ELSE 0 END) AS posted_on,
           max(CASE field WHEN 'amount_minor' THEN 1 ELSE 0 END) AS amount_minor,
           max(CASE field WHEN 'currency' THEN 1 ELSE 0 END) AS currency,
           max(CASE field WHEN 'vendor_name' THEN 1 ELSE 0 END) AS vendor_name,
           max(CASE field WHEN 'vendor_id' THEN 1 ELSE 0 END) AS vendor_id,
           max(CASE field WHEN 'account' THEN 1 ELSE 0 END) AS account,
           max(CASE field WHEN 'category' THEN 1 ELSE 0 END) AS category,
           max(CASE field WHEN 'person_id' THEN 1 ELSE 0 END) AS person_id,
           max(CASE field WHEN 'person_name' THEN 1 ELSE 0 END) AS person_name,
           max(CASE field WHEN 'card_last4' THEN 1 ELSE 0 END) AS card_last4,
           max(CASE field WHEN 'reference' THEN 1 ELSE 0 END) AS reference,
           max(CASE field WHEN 'invoice_no' THEN 1 ELSE 0 END) AS invoice_no,
           max(CASE field WHEN 'linked_id' THEN 1 ELSE 0 END) AS linked_id,
           max(CASE field WHEN 'description' THEN 1 ELSE 0 END) AS description,
           max(CASE field WHEN 'created_by' THEN 1 ELSE 0 END) AS created_by,
           max(CASE field WHEN 'approved_by' THEN 1 ELSE 0 END) AS approved_by,
           max(CASE field WHEN 'due_on' THEN 1 ELSE 0 END) AS due_on,
           max(CASE field WHEN 'entered_on' THEN 1 ELSE 0 END) AS entered_on,
           max(CASE field WHEN 'journal_id' THEN 1 ELSE 0 END) AS journal_id,
           max(CASE field WHEN 'bank_account' THEN 1 ELSE 0 END) AS bank_account,
           max(CASE field WHEN 'status' THEN 1 ELSE 0 END) AS status,
           max(CASE field WHEN 'balance_minor' THEN 1 ELSE 0 END) AS balance_minor,
           max(CASE field WHEN 'posted_at' THEN 1 ELSE 0 END) AS posted_at
    FROM required_field
    GROUP BY source
), lacking AS (
    SELECT t.row_key, t.scope, t.source, t.txn_id, t.posted_on, t.amount_minor, t.currency, t.vendor_name,
           t.vendor_id, t.account, t.category, t.person_id, t.person_name, t.card_last4, t.reference, t.invoice_no,
           t.linked_id, t.description, t.created_by, t.approved_by, t.due_on, t.entered_on, t.journal_id,
           t.bank_account, t.status, t.balance_minor, t.posted_at
    FROM txn t
    JOIN required r ON r.source = t.source
    WHERE (r.txn_id = 1 AND t.txn_id IS NULL) OR (r.posted_on = 1 AND t.posted_on IS NULL)
       OR (r.amount_minor = 1 AND t.amount_minor IS NULL) OR (r.currency = 1 AND t.currency IS NULL)
       OR (r.vendor_name = 1 AND t.vendor_name IS NULL) OR (r.vendor_id = 1 AND t.vendor_id IS NULL)
       OR (r.account = 1 AND t.account IS NULL) OR (r.category = 1 AND t.category IS NULL)
       OR (r.person_id = 1 AND t.person_id IS NULL) OR (r.person_name = 1 AND t.person_name IS NULL)
       OR (r.card_last4 = 1 AND t.card_last4 IS NULL) OR (r.reference = 1 AND t.reference IS NULL)
       OR (r.invoice_no = 1 AND t.invoice_no IS NULL) OR (r.linked_id = 1 AND t.linked_id IS NULL)
       OR (r.description = 1 AND t.description IS NULL) OR (r.created_by = 1 AND t.created_by IS NULL)
       OR (r.approved_by = 1 AND t.approved_by IS NULL) OR (r.due_on = 1 AND t.due_on IS NULL)
       OR (r.entered_on = 1 AND t.entered_on IS NULL) OR (r.journal_id = 1 AND t.journal_id IS NULL)
       OR (r.bank_account = 1 AND t.bank_account IS NULL) OR (r.status = 1 AND t.status IS NULL)
       OR (r.balance_minor = 1 AND t.balance_minor IS NULL) OR (r.posted_at = 1 AND t.posted_at IS NULL)
)
SELECT l.row_key, l.scope, $score AS score, 'missing' AS observed, 'filled' AS threshold,
       'source ' || l.source AS population, r.field
FROM lacking l
JOIN required_field r ON r.source = l.source
WHERE CASE r.field
          WHEN 'txn_id' THEN l.txn_id IS NULL
          WHEN 'posted_on' THEN l.posted_on IS NULL
          WHEN 'amount_minor' THEN l.amount_minor IS NULL
          WHEN 'currency' THEN l.currency IS NULL
          WHEN 'vendor_name' THEN l.vendor_name IS NULL
          WHEN 'vendor_id' THEN l.vendor_id IS NULL
          WHEN 'account' THEN l.account IS NULL
          WHEN 'category' THEN l.category IS NULL
          WHEN 'person_id' THEN l.person_id IS NULL
          WHEN 'person_name' THEN l.person_name IS NULL
          WHEN 'card_last4' THEN l.card_last4 IS NULL
          WHEN 'reference' THEN l.reference IS NULL
          WHEN 'invoice_no' THEN l.invoice_no IS NULL
          WHEN 'linked_id' THEN l.linked_id IS NULL
          WHEN 'description' THEN l.description IS NULL
          WHEN 'created_by' THEN l.created_by IS NULL
          WHEN 'approved_by' THEN l.approved_by IS NULL
          WHEN 'due_on' THEN l.due_on IS NULL
          WHEN 'entered_on' THEN l.entered_on IS NULL
          WHEN 'journal_id' THEN l.journal_id IS NULL
          WHEN 'bank_account' THEN l.bank_account IS NULL
          WHEN 'status' THEN l.status IS NULL
          WHEN 'balance_minor' THEN l.balance_minor IS NULL
          WHEN 'posted_at' THEN l.posted_at IS NULL
          ELSE FALSE END
