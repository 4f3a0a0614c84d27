"""Programmes of tasks: planned on people and machines, run, repaired, signed and filed."""
