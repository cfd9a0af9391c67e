"""
SM2, SM3 and SM4 in plain Python: keys and bytes go in, bytes come out.

    sm3, sm4, sm2     hash, MAC and derivation; cipher; signatures and encryption
    envelope          the versioned form in which ciphertexts are stored
    selftest          known answers, run at start
    sm2_provider      who computes SM2: hardware, gmssl_pyx or gmssl
    exceptions        what goes wrong, in one tree

Nothing here imports Django, reads a setting or keeps a key. The formats are written
down in docs/reference/formats.md, each with a vector that a test checks.
"""
