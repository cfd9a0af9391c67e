"""The key ring in a file that opens under a key which never leaves its token."""
