"""Measures of speed: each in a fresh process, medians with their noise, ratios against named peers."""
