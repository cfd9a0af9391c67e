"""Lets public scanners at the example, and keeps what they sent and found."""
