"""The settings by what they are about, a class each."""
