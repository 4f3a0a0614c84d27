"""What a sentence is about, by a linear classifier that was fitted to labelled sentences."""
