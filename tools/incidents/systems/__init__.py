"""Services: their metrics, logs and traces over HTTP, and what they depend on."""
