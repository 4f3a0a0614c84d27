"""What a programme leaves on file: working papers, sheets, the signed package."""
