-- What the books know of a vendor: a line a kind of row and currency.
SELECT t.vendor_key, t.kind, t.currency, count(*) AS n, min(t.posted_on) AS first_on, max(t.posted_on) AS last_on,
       CAST(round(median(abs(t.amount_minor))) AS BIGINT) AS middle, max(abs(t.amount_minor)) AS largest,
       CAST(sum(abs(t.amount_minor)) AS BIGINT) AS total, count(DISTINCT t.person_name) AS people,
       count(DISTINCT t.bank_account) AS accounts
FROM txn t
WHERE t.vendor_key = $vendor_key OR contains(lower(t.vendor_name), lower($vendor))
GROUP BY ALL
ORDER BY n DESC, t.vendor_key, t.kind, t.currency
LIMIT $most
