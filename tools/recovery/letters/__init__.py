"""Letters about claims: texts by kind, level and language, filled from the claim; due, drafted, approved."""
