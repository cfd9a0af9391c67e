"""The SDK of BlueKing, set up for SM4 as its own page says, where it is installed."""

from __future__ import annotations

from typing import Any

MODES = {"default": "GCM", "ctr": "CTR"}
"""The mode behind each name; CTR is what it recommends, and notices no alteration."""


def settings() -> dict[str, Any]:
    """Return the value of BKCRYPTO."""
    try:
        from bkcrypto.constants import SymmetricMode
        from bkcrypto.symmetric.options import SM4SymmetricOptions
    except ImportError:
        return {}
    return {
        "SYMMETRIC_CIPHER_TYPE": "SM4",
        "SYMMETRIC_CIPHERS": {
            using: {
                "common": {"key": "only-for-benches"},
                "cipher_options": {
                    "SM4": SM4SymmetricOptions(mode=SymmetricMode[mode])
                },
            }
            for using, mode in MODES.items()
        },
    }


def fields() -> dict[str, Any]:
    """Return its field in each mode."""
    try:
        from bkcrypto.contrib.django.fields import SymmetricTextField
    except ImportError:
        return {}
    return {
        f"bk-crypto-python-sdk, SM4-{mode}": SymmetricTextField(using=using)
        for using, mode in MODES.items()
    }
