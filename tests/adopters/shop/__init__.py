"""A small shop, written for plain Django."""
