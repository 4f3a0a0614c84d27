-- closing: what the trial balance closes some accounts with
SELECT currency, CAST(sum(closing) AS BIGINT) AS closing
FROM (
    SELECT account, currency, arg_max(closing_minor, period) AS closing
    FROM trial_balance WHERE list_contains($accounts, account)
    GROUP BY account, currency
)
GROUP BY currency
