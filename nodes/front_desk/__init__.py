"""The front desk's steps."""
