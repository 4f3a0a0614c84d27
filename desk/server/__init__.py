"""LangGraph Server: who may call it, and what is refused."""
