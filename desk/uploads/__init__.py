"""Files that people send to the pages, on their way to an audit."""
