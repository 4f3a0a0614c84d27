"""Measures: quality on labelled data, speed against named peers."""
