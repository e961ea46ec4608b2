"""What changes topics: one verb a file."""
