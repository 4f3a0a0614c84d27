-- More than its parts add up to.
SELECT bill_id,
       amount_minor - (usage_charge_minor + coalesce(fixed_minor, 0) + coalesce(tax_minor, 0) + coalesce(late_fee_minor, 0))
           AS over_minor
FROM counted_bill
WHERE copy = 1 AND usage_charge_minor IS NOT NULL AND (fixed_minor IS NOT NULL OR tax_minor IS NOT NULL)
    AND amount_minor > usage_charge_minor + coalesce(fixed_minor, 0) + coalesce(tax_minor, 0) + coalesce(late_fee_minor, 0)
