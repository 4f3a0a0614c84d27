"""A sample company, its generator and its labels."""
