-- Our invoices as the list of receivables has them now: what is open of each; 0 where it was settled.
SELECT party_key, party_id, document,
       sum(CASE WHEN settled_on IS NULL THEN amount_minor - coalesce(paid_minor, 0) ELSE 0 END)::BIGINT AS open_minor
FROM receivable
WHERE document IS NOT NULL AND amount_minor > 0
GROUP BY party_key, party_id, document
ORDER BY ALL
