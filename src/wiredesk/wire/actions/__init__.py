"""What changes the wire's tables: one verb a file."""
