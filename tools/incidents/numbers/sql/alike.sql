SELECT feed, role, sum(copies - 1)::BIGINT AS copies, sum((copies - 1) * value)::DOUBLE AS value
FROM (SELECT feed, role, count(*) AS copies, any_value(value) AS value FROM measured GROUP BY feed, role, content)
GROUP BY feed, role
