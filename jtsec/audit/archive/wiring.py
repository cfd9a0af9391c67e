"""Connects the archive: its tables, checks, evidence, and what it tells a verifier."""

from __future__ import annotations

from django.core.checks import Tags

from jtsec.audit import immutability
from jtsec.audit.verifying.api import register_archive
from jtsec.core.evidence import register_evidence
from jtsec.core.gates import register


def wire() -> None:
    """Name what is append-only, answer for what was dropped, register the rest."""
    from . import checks, evidence
    from .protection import TABLES
    from .witness import Witness

    for table in TABLES:
        immutability.protect(table)
    register_archive(Witness())
    register(checks.check_folder, "jtsec")
    register(checks.check_append_only, "jtsec", Tags.database)
    register_evidence("audit archive", evidence.facts)
