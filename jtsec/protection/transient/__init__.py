"""Data drawn for one session or one piece of business, gone when that ends."""
