"""The tests of the books, and what runs them."""
