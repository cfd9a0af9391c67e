"""Tests of encrypted files."""
