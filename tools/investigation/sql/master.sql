-- The vendor master's entries for a name.
SELECT vendor_id, vendor_name, created_on, bank_changed_on, recurring
FROM vendor
WHERE vendor_key = $vendor_key OR contains(lower(vendor_name), lower($vendor))
ORDER BY vendor_id
LIMIT $most
