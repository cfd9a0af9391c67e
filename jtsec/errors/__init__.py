"""Errors that tell a visitor nothing, and the developers everything (A10.1)."""
