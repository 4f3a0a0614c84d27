"""Programmes for other programs: REST calls with bearer tokens, messages by server-sent events."""
