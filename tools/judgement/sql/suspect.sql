-- One row a suspect, with what was found about it.
CREATE OR REPLACE TEMP TABLE suspect AS
WITH signals AS (SELECT s.* FROM signal s SEMI JOIN chosen c ON c.row_key = s.row_key),
led AS (
    SELECT *, row_number() OVER (
        PARTITION BY row_key ORDER BY strong DESC, precedence, score DESC, test, partner_key NULLS LAST
    ) AS place
    FROM signals
),
said AS (
    SELECT row_key,
           max(CASE WHEN "check" = 'anomaly' AND strong THEN score ELSE 0 END) AS anomaly_score,
           bool_or("check" = 'reconciliation' AND strong AND family NOT IN ('statement', 'receipt')) AS broken,
           bool_or("check" = 'reconciliation' AND strong AND family = 'statement') AS untied,
           bool_or(strong AND family = 'receipt') AS no_receipt,
           bool_or("check" = 'quality' AND strong) AS incomplete,
           bool_or(test = 'unknown_currency') AS no_currency,
           -- What an account or a journal is off is at risk, not the posting that the finding stands on.
           max(abs(off_minor)) AS off,
           bool_or(strong AND family = 'duplicate') AS duplicate,
           bool_or(strong AND "check" <> 'reconciliation' AND off_minor IS NULL) AS other,
           bool_and(NOT strong OR (family = 'mismatch' AND test <> 'wrong_party')) AS mismatch,
           CAST(to_json(list({
               'check': "check", 'test': test, 'family': family, 'score': score, 'observed': observed,
               'threshold': threshold, 'population': population, 'partner_key': partner_key, 'field': field
           } ORDER BY strong DESC, precedence, score DESC, test, partner_key, field)) AS VARCHAR) AS tests
    FROM signals
    GROUP BY row_key
),
sure AS (
    SELECT row_key, min(confidence) AS confidence, max(abs(difference_minor)) AS difference
    FROM (
        SELECT left_key AS row_key, confidence, difference_minor FROM match_result
        UNION ALL
        SELECT right_key AS row_key, confidence, difference_minor FROM match_result
    ) m
    SEMI JOIN chosen c ON c.row_key = m.row_key
    GROUP BY row_key
),
valued AS (
    SELECT t.*, c.score, c.families, c.weak_only, s.*  EXCLUDE (row_key, no_receipt),
           -- In no known currency nothing can match: that is one error, not two.
           coalesce(b.unmatched, s.broken) AND NOT s.no_currency AS unmatched,
           coalesce(b.statement, FALSE) OR s.untied AS statement,
           coalesce(b.no_receipt, FALSE) OR s.no_receipt AS no_receipt,
           b.reason AS break_reason, b.difference_minor, b.nearest_key, b.why_not, b.other_until,
           CASE WHEN NOT s.other AND b.difference_minor <> 0
                     AND (b.statement OR list_contains($partial, b.reason) OR list_contains($partial, other_side.reason))
                THEN abs(b.difference_minor)
                WHEN NOT s.other AND NOT s.broken AND s.off > 0 THEN s.off
                WHEN NOT s.other AND s.mismatch AND sure.difference <> 0 THEN sure.difference
                ELSE abs(coalesce(t.amount_minor, 0)) END AS exposure_minor
    FROM subject t
    JOIN chosen c ON c.row_key = t.row_key
    JOIN said s ON s.row_key = t.row_key
    LEFT JOIN broken b ON b.row_key = t.row_key
    -- Two rows that are each other's nearest: where one differs for a reason, so does the other.
    LEFT JOIN broken other_side ON other_side.row_key = b.nearest_key AND other_side.nearest_key = t.row_key
    LEFT JOIN sure ON sure.row_key = t.row_key
)
SELECT v.row_key, v.txn_id, v.source, v.kind, v.posted_on, v.posted_day, v.amount_minor,
       coalesce(v.currency, $currency) AS currency,
       v.vendor_name, v.vendor_key, v.vendor_id, v.account, v.category, v.person_id, v.person_name,
       v.reference, v.invoice_no, v.journal_id, v.linked_id, v.description, v.created_by, v.approved_by, v.file, v.line,
       v.exposure_minor, CAST(NULL AS BIGINT) AS exposure_base, CAST(NULL AS VARCHAR) AS counted_with,
       v.score, l."check" AS lead_check, l.test AS lead_test, l.family, l.event, l.partner_key, p.txn_id AS partner_id,
       CASE WHEN p.row_key IS NOT NULL THEN CAST(to_json({
           'kind': p.kind, 'txn_id': p.txn_id, 'line': p.line, 'amount_minor': p.amount_minor,
           'currency': coalesce(p.currency, $currency), 'vendor_name': p.vendor_name, 'description': p.description,
           'posted_on': CAST(p.posted_on AS VARCHAR)
       }) AS VARCHAR) END AS partner_row,
       v.families, v.weak_only, v.unmatched, v.statement, v.no_receipt, v.incomplete, v.duplicate,
       CASE WHEN v.weak_only THEN v.score ELSE v.anomaly_score END AS anomaly_score,
       sure.confidence AS match_confidence,
       v.break_reason,
       CASE WHEN v.nearest_key IS NULL AND differs.row_key IS NOT NULL THEN sure.difference ELSE v.difference_minor END
           AS difference_minor,
       v.nearest_key, n.txn_id AS nearest_id,
       CASE WHEN beside.row_key IS NOT NULL THEN CAST(to_json({
           'kind': beside.kind, 'txn_id': beside.txn_id, 'line': beside.line, 'amount_minor': beside.amount_minor,
           'currency': coalesce(beside.currency, $currency), 'vendor_name': beside.vendor_name,
           'description': beside.description, 'posted_on': CAST(beside.posted_on AS VARCHAR)
       }) AS VARCHAR) END AS nearest_row, v.why_not, v.other_until,
       rhythm.row_key IS NOT NULL AS recurring, v.tests
FROM valued v
JOIN led l ON l.row_key = v.row_key AND l.place = 1
LEFT JOIN txn p ON p.row_key = l.partner_key
LEFT JOIN txn n ON n.row_key = v.nearest_key
LEFT JOIN sure ON sure.row_key = v.row_key
-- Of two rows that were matched one against one and differ, the difference is theirs.
LEFT JOIN txn differs ON differs.row_key = l.partner_key AND l.family = 'mismatch' AND differs.currency = v.currency
    AND sure.difference = abs(abs(v.amount_minor) - abs(differs.amount_minor))
LEFT JOIN txn beside ON beside.row_key = coalesce(v.nearest_key, differs.row_key)
LEFT JOIN on_rhythm rhythm ON rhythm.row_key = v.row_key
