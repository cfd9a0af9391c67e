"""The key ring: keys by id and purpose, read from a file outside of the project."""
