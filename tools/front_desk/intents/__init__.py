"""What a sentence is about, learnt from labelled sentences: an intent with its score, or out of scope."""
