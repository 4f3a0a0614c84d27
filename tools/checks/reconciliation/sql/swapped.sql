-- swapped: of these matches, two neighbouring digits changed places
UPDATE claim SET reason = 'transposed_digits'
WHERE "pass" = 'linked' AND EXISTS (
    SELECT 1 FROM swapped s WHERE s.left_id = claim.left_id AND s.right_id = claim.right_id
)
