"""Documents as sources: e-mail, calendars, PDF and plain text, read apart and with limits."""
