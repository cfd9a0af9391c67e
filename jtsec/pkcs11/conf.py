"""Which token, and which key of it, locks the key file."""

from __future__ import annotations

from jtsec.core.conf import Section, load, option, settings_section

PROVIDER = "jtsec.pkcs11.provider.Pkcs11KeyProvider"
"""What JTSEC_KEYS_PROVIDER may name it by, beside the entry point `pkcs11`."""


@settings_section("JTSEC_PKCS11_")
class Pkcs11Settings(Section):
    """Says where the token is; its PIN is a secret, and no setting."""

    module: str = option(
        "",
        "Absolute path of the vendor's PKCS#11 library, such as "
        "/usr/lib/softhsm/libsofthsm2.so.",
        clause="A10.3",
    )
    token: str = option("", "Label of the token.", clause="A10.3")
    key: str = option(
        "jtsec", "Label of the AES key in the token that locks the key file."
    )
    pin_secret: str = option(
        "pkcs11.pin",
        "Name of the secret that is the user PIN, as given to `jtsec_secrets set`.",
        clause="A10.3",
    )


def pkcs11_settings() -> Pkcs11Settings:
    """Return the settings in force."""
    return load(Pkcs11Settings)
