"""The queue in the order of the chance that cases are upheld, learned from reviews: an order alone."""
