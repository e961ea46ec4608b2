"""What changes the logbook: one verb a file."""
