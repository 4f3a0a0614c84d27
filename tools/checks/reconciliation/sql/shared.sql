-- shared: names that stand on both sides
CREATE OR REPLACE TEMP TABLE shared AS
SELECT name FROM item WHERE name IS NOT NULL GROUP BY name HAVING min(side) < max(side)
