"""What everything stands on: time, money, errors, settings."""
