"""What graphs do that write letters: ask about the drafts, and act on the answers."""
