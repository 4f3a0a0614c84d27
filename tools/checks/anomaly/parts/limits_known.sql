-- limits_known: whether there is a limit to stay under
-- purpose: verdict of the tests on limits
-- source: ISA 500 (the evidence has to be there)
-- with: approval_limit
SELECT count(*) > 0 AS applies,
       CASE WHEN count(*) = 0 THEN 'no approval limits declared, and no crowd of amounts that gives one away'
            ELSE CAST(sum(CASE WHEN origin = 'declared' THEN 1 ELSE 0 END) AS VARCHAR) || ' limits declared, '
                || CAST(sum(CASE WHEN origin = 'inferred' THEN 1 ELSE 0 END) AS VARCHAR) || ' inferred'
       END AS says
FROM approval_limit
