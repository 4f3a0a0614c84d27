"""Periods of a calendar, and the words in which they are said."""
