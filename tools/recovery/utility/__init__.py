"""Tests of utility bills: one query a kind of error, each with what was charged too much."""
