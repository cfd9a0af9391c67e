"""What can go wrong with a report."""

from __future__ import annotations

from jtsec.core.exceptions import ConfigurationError


class LibraryMissing(ConfigurationError):
    """Says that a form of report needs a library that is not installed."""
