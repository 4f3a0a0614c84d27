-- party_words: what a posting calls its party: its vendor's key, else the words of its text without codes
CREATE OR REPLACE TEMP MACRO party_words(vendor_key, description) AS
    coalesce(vendor_key, nullif(trim(regexp_replace(upper(strip_accents(description)), '[^\p{L}\p{M}]+', ' ', 'g')), ''))
