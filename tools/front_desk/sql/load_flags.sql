INSERT INTO flag BY NAME
SELECT f.* FROM (SELECT unnest(from_json($flags, $shape)) AS f)
