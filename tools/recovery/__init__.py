"""Recovery: what the desk knows to be owed becomes claims, letters, and money that came back."""
