"""The console: the pages on which the three duties do their daily work."""
