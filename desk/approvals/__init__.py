"""Answering what the desk asks."""
