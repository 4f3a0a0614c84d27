-- wide: what equal keys did not settle, with what it says; references without punctuation
CREATE OR REPLACE TEMP TABLE wide AS
SELECT o.side, o.id, o.amount, o.day, o.work, o.currency, o.name, t.row_key, t.txn_id, t.scope, t.amount_minor,
       t.currency AS money, {means} AS means, t.vendor_name, t.vendor_id, t.invoice_no, t.linked_id, t.due_day, t.description, t.reference,
       nullif(translate(upper(coalesce(t.reference, t.invoice_no)), ' -#/.:_', ''), '') AS mark,
       nullif(translate(upper(t.invoice_no), ' -#/.:_', ''), '') AS invoice
FROM open o JOIN posting t ON t.id = o.id {aliases}
