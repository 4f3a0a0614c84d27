-- alias_in_force: the aliases in force; one whose party is itself an alias decides nothing
CREATE OR REPLACE TEMP TABLE alias_in_force AS
SELECT alias_key, vendor_key FROM alias ANTI JOIN (SELECT alias_key AS vendor_key FROM alias) again USING (vendor_key)
