"""What every graph runs on."""
