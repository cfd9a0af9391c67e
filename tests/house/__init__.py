"""The house tests itself: its rules are held by machine and not by memory."""
