-- The list of contacts: of one party by its number or normalised name, or whole.
SELECT party_id, party_name, party_key, person_name, position, email, phone, city, state, country, timezone, language,
       industry, consumer
FROM contact
WHERE ($party_id IS NULL AND $party_key IS NULL)
    OR (party_id IS NOT NULL AND party_id = $party_id AND $party_id <> '')
    OR party_key = $party_key
ORDER BY party_key, email, phone
