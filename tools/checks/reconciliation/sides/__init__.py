"""Both sides of a pair, ready to be compared: their rows, what these say, and whom they name."""
