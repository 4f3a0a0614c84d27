-- charges: what was bought with the entity's cards
-- noun: charge
-- needs: card
-- unit: money
-- grain: a card charge
-- person: holder
-- not included: charges whose own status says void or reversed; the monthly payment of the card itself
-- owner: expense desk
-- figure: card_spend = sum | card charges by their amount, refunds taken off
-- figure: charge_count = count | how many card charges
-- figure: average_charge = average | the mean amount of a card charge
-- figure: largest_charge = largest | the greatest amount of one card charge
-- figure: smallest_charge = smallest | the least amount of one card charge
-- figure: first_charge = first | the day of the earliest card charge
-- figure: last_charge = last | the day of the latest card charge
-- figure: charged_vendor_count = distinct | how many merchants were paid by card
SELECT row_key, posted_on AS day, vendor_key, vendor_name AS vendor, vendor_key AS subject, coalesce(person_name, person_id) AS person,
  category, source, currency, amount_minor AS value, txn_id AS document
FROM txn WHERE kind = 'card' AND NOT voided(status)
