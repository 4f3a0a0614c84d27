-- turn: amounts of both sides with the other sign
UPDATE item SET amount = -amount
