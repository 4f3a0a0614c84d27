-- reopen: of all rows those that are left
CREATE OR REPLACE TEMP TABLE open AS
SELECT i.* FROM item i SEMI JOIN unclaimed u ON u.id = i.id
