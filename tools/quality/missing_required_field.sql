-- missing_required_field: a field that its source has to fill is empty
-- purpose: a posting without its amount, date, party or id can be neither matched nor judged; the share of
--   rows without such a gap is what the gate of the run looks at
-- needs: required_field.field
-- params: score = 80
-- scores: $score (80) for each field that is missing ("N/A", "null", "-" and blanks are read as missing)
-- source: ISA 500, A31 (completeness of information produced by the entity); DAMA-DMBOK2, chapter 13
WITH missing AS (
    SELECT t.row_key, t.scope, t.source, r.field FROM txn t
    JOIN required_field r ON r.source = t.source AND r.field = 'txn_id'
    WHERE t.txn_id IS NULL
    UNION ALL
    SELECT t.row_key, t.scope, t.source, r.field FROM txn t
    JOIN required_field r ON r.source = t.source AND r.field = 'posted_on'
    WHERE t.posted_on IS NULL
    UNION ALL
    SELECT t.row_key, t.scope, t.source, r.field FROM txn t
    JOIN required_field r ON r.source = t.source AND r.field = 'amount_minor'
    WHERE t.amount_minor IS NULL
    UNION ALL
    SELECT t.row_key, t.scope, t.source, r.field FROM txn t
    JOIN required_field r ON r.source = t.source AND r.field = 'currency'
    WHERE t.currency IS NULL
    UNION ALL
    SELECT t.row_key, t.scope, t.source, r.field FROM txn t
    JOIN required_field r ON r.source = t.source AND r.field = 'vendor_name'
    WHERE t.vendor_name IS NULL
    UNION ALL
    SELECT t.row_key, t.scope, t.source, r.field FROM txn t
    JOIN required_field r ON r.source = t.source AND r.field = 'vendor_id'
    WHERE t.vendor_id IS NULL
    UNION ALL
    SELECT t.row_key, t.scope, t.source, r.field FROM txn t
    JOIN required_field r ON r.source = t.source AND r.field = 'account'
    WHERE t.account IS NULL
    UNION ALL
    SELECT t.row_key, t.scope, t.source, r.field FROM txn t
    JOIN required_field r ON r.source = t.source AND r.field = 'category'
    WHERE t.category IS NULL
    UNION ALL
    SELECT t.row_key, t.scope, t.source, r.field FROM txn t
    JOIN required_field r ON r.source = t.source AND r.field = 'person_id'
    WHERE t.person_id IS NULL
    UNION ALL
    SELECT t.row_key, t.scope, t.source, r.field FROM txn t
    JOIN required_field r ON r.source = t.source AND r.field = 'person_name'
    WHERE t.person_name IS NULL
    UNION ALL
    SELECT t.row_key, t.scope, t.source, r.field FROM txn t
    JOIN required_field r ON r.source = t.source AND r.field = 'card_last4'
    WHERE t.card_last4 IS NULL
    UNION ALL
    SELECT t.row_key, t.scope, t.source, r.field FROM txn t
    JOIN required_field r ON r.source = t.source AND r.field = 'reference'
    WHERE t.reference IS NULL
    UNION ALL
    SELECT t.row_key, t.scope, t.source, r.field FROM txn t
    JOIN required_field r ON r.source = t.source AND r.field = 'invoice_no'
    WHERE t.invoice_no IS NULL
    UNION ALL
    SELECT t.row_key, t.scope, t.source, r.field FROM txn t
    JOIN required_field r ON r.source = t.source AND r.field = 'linked_id'
    WHERE t.linked_id IS NULL
    UNION ALL
    SELECT t.row_key, t.scope, t.source, r.field FROM txn t
    JOIN required_field r ON r.source = t.source AND r.field = 'description'
    WHERE t.description IS NULL
    UNION ALL
    SELECT t.row_key, t.scope, t.source, r.field FROM txn t
    JOIN required_field r ON r.source = t.source AND r.field = 'created_by'
    WHERE t.created_by IS NULL
    UNION ALL
    SELECT t.row_key, t.scope, t.source, r.field FROM txn t
    JOIN required_field r ON r.source = t.source AND r.field = 'approved_by'
    WHERE t.approved_by IS NULL
    UNION ALL
    SELECT t.row_key, t.scope, t.source, r.field FROM txn t
    JOIN required_field r ON r.source = t.source AND r.field = 'due_on'
    WHERE t.due_on IS NULL
    UNION ALL
    SELECT t.row_key, t.scope, t.source, r.field FROM txn t
    JOIN required_field r ON r.source = t.source AND r.field = 'entered_on'
    WHERE t.entered_on IS NULL
    UNION ALL
    SELECT t.row_key, t.scope, t.source, r.field FROM txn t
    JOIN required_field r ON r.source = t.source AND r.field = 'journal_id'
    WHERE t.journal_id IS NULL
    UNION ALL
    SELECT t.row_key, t.scope, t.source, r.field FROM txn t
    JOIN required_field r ON r.source = t.source AND r.field = 'bank_account'
    WHERE t.bank_account IS NULL
    UNION ALL
    SELECT t.row_key, t.scope, t.source, r.field FROM txn t
    JOIN required_field r ON r.source = t.source AND r.field = 'status'
    WHERE t.status IS NULL
    UNION ALL
    SELECT t.row_key, t.scope, t.source, r.field FROM txn t
    JOIN required_field r ON r.source = t.source AND r.field = 'balance_minor'
    WHERE t.balance_minor IS NULL
    UNION ALL
    SELECT t.row_key, t.scope, t.source, r.field FROM txn t
    JOIN required_field r ON r.source = t.source AND r.field = 'posted_at'
    WHERE t.posted_at IS NULL
)
SELECT row_key, scope, $score AS score, 'missing' AS observed, 'filled' AS threshold,
       'source ' || source AS population, field
FROM missing
