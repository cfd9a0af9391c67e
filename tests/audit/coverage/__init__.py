"""What is recorded without a line for each event."""
