-- set_aside: rows of one side that the pair is not about
DELETE FROM {table} WHERE side = $side AND list_contains($ids, id)
