-- turn_claims: what was claimed of amounts that were turned, with the sign that the left side has
UPDATE claim SET covers = -covers, difference = -difference
