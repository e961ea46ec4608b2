"""What changes stories: one verb a file, the only code that writes them."""
