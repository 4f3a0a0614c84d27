"""The steps of a day of follow-up."""
