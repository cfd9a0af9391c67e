"""Files that are SM4-encrypted where they are stored (A6.3)."""
