SELECT count(*) AS n, (SELECT count(*) FROM population WHERE day IS NULL) AS undated FROM chosen
