"""Made books of many shapes, with errors planted among look-alikes, as nobody has prepared them."""
