-- rows: the open rows of both sides in an order that does not depend on the file's; words: their text without codes, in any script;
--   numbers: the digits in what they say, three or more together; content: rows that say the same in every word share it
SELECT w.side, w.id, w.amount, w.day, w.work, w.currency,
       trim(regexp_replace(regexp_replace(upper(strip_accents(
           CASE WHEN means IS NOT NULL THEN means
                WHEN vendor_name IS NULL THEN coalesce(description, '')
                WHEN description IS NULL OR contains(lower(description), lower(vendor_name))
                THEN coalesce(description, vendor_name) ELSE vendor_name || ' ' || description END
       )), '[\p{L}0-9]*[0-9][\p{L}0-9]*', ' ', 'g'), '[^\p{L}\p{M}]+', ' ', 'g')) AS words,
       regexp_extract_all(concat_ws(' ', description, reference, invoice_no), '[0-9]{3,}') AS numbers,
       CAST(hash(vendor_id, vendor_name, description, coalesce(invoice_no, reference)) >> 1 AS BIGINT) AS content
FROM wide w SEMI JOIN open o ON o.side = w.side AND o.id = w.id
ORDER BY w.side, day, length(txn_id), txn_id, row_key
