"""New keys for old: made, taken up by every process, and stored data put under them."""
