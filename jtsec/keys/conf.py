"""Where the keys come from."""

from __future__ import annotations

from pathlib import Path

from jtsec.core.conf import Section, load, option, settings_section
from jtsec.core.rules import between


@settings_section("JTSEC_KEYS_")
class KeysSettings(Section):
    """Says where the key ring is read; never what is in it."""

    file: str | Path = option(
        "",
        "Absolute path of the key file, outside of the project; empty takes the "
        "file jtsec.keys of the systemd credentials.",
        clause="A10.3",
    )
    provider: str = option(
        "file",
        "Who holds the keys: `file`, the name of an entry point in the group "
        "`jtsec.keys`, or the dotted path of a class.",
        clause="A10.3",
    )
    warn_after: int = option(
        2**31,
        "After how many encryptions under one key its rotation is asked for; at 2^32 "
        "it is an error.",
        valid=between(1, 2**32),
        clause="A6.3",
    )


def keys_settings() -> KeysSettings:
    """Return the settings in force."""
    return load(KeysSettings)
