"""Payments applied to invoices: by remittance advice, and without."""
