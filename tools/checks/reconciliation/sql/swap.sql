-- swap: match the first of twins
UPDATE claim SET {name}_id = o.first_id FROM swap o WHERE claim.rowid = o.claim
