"""One format a file: from bytes to rows."""
