"""Tests of the ciphers against their standards, the openssl program and tampering."""
