"""Temporary passes: filed and queried."""
