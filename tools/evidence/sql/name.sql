-- Names that must not leave.
SELECT 'PERSON' AS label, person_name AS name FROM employee
UNION SELECT 'CLIENT', client_name FROM client
UNION SELECT 'VENDOR', vendor_name FROM vendor
UNION SELECT 'VENDOR', vendor_name FROM suspected
UNION SELECT 'PERSON', person_name FROM suspected
ORDER BY label, name
