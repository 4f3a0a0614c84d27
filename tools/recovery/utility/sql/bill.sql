-- The bills that were charged too much, whole.
SELECT bill_id, party_id, party_name, party_key, account, meter, service, billed_on, from_on, to_on, due_on, amount_minor, currency,
       file, line
FROM counted_bill
ORDER BY bill_id
