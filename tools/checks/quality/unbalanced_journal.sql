-- unbalanced_journal: the debits and credits of a journal do not agree
-- purpose: double entry is the first control of a ledger; a journal that does not sum to zero lost, gained or
--   changed a line. Any of its lines may be it; of many, the largest stands for all
-- needs: journal_id, amount_minor
-- kinds: ledger
-- params: score = 90, most_lines = 4
-- scores: $score (90) for each line of a journal of up to $most_lines (4), else for the largest line
-- source: ISA 240, A45 (journal entries); Pacioli, Summa de arithmetica (1494), on double entry
WITH journal AS (
    SELECT source, journal_id, currency, sum(amount_minor) AS difference, count(*) AS lines
    FROM txn
    WHERE kind = 'ledger' AND journal_id IS NOT NULL
    GROUP BY source, journal_id, currency
    HAVING sum(amount_minor) <> 0
), line AS (
    SELECT t.row_key, t.scope, t.source, j.journal_id, j.difference, j.lines,
           row_number() OVER (
               PARTITION BY t.source, t.journal_id, t.currency
               ORDER BY CASE t.scope WHEN 'window' THEN 0 ELSE 1 END, abs(t.amount_minor) DESC, t.row_key
           ) AS place
    FROM txn t
    JOIN journal j ON j.source = t.source AND j.journal_id = t.journal_id AND coalesce(j.currency, '') = coalesce(t.currency, '')
    WHERE t.kind = 'ledger'
)
SELECT row_key, scope, $score AS score,
       'journal ' || journal_id || ' of ' || lines || ' lines is off by ' || difference || ' minor units' AS observed,
       'debits equal credits' AS threshold, 'source ' || source AS population, 'journal_id' AS field,
       difference AS off_minor
FROM line
WHERE place = 1 OR lines <= $most_lines
