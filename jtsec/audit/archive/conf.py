"""Settings of the archive."""

from __future__ import annotations

from jtsec.core.conf import Section, load, option, settings_section
from jtsec.core.rules import between


@settings_section("JTSEC_AUDIT_ARCHIVE_")
class ArchiveSettings(Section):
    """Says where old events go."""

    directory: str = option(
        "",
        "Folder of the archived segments; outside of the project, on storage that "
        "is backed up.",
        clause="A5.9",
    )
    segment_rows: int = option(
        200_000,
        "Events after which a segment is closed; it ends with a whole checkpoint and "
        "with the month.",
        valid=between(1, 5_000_000),
    )


def archive_settings() -> ArchiveSettings:
    """Return the settings in force."""
    return load(ArchiveSettings)
