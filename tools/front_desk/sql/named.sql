SELECT count(*) AS n, count(vendor) AS vendor, count(person) AS person, count(account) AS account,
  count(category) AS category
FROM population
