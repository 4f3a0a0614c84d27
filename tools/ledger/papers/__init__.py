"""Receipts as papers: what a photographed, mailed or printed receipt says, by rules."""
