-- covered: leave in `missing` what the other side claims to show: of a bank, what goes the way that payments go
DELETE FROM missing
WHERE side = $side
  AND ($is_booked OR sign(amount) NOT IN (SELECT sign(i.amount) FROM item i WHERE i.side <> $side))
