-- unequal: documents that name their row, of another amount
SELECT left_id, right_id, covers AS "left", covers - difference AS "right"
FROM claim
WHERE "pass" = 'linked' AND kind = '1:1' AND difference <> 0 AND sign(covers) = sign(covers - difference)
