-- The tokens have been counted: what is kept of each document is how many there were.
ALTER TABLE paper DROP COLUMN tokens
