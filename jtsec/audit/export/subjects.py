"""
Who somebody is to the police platform: a seam the identity control fills.

A row of the audit holds a UID and the code of an organisation. The platform wants the
resident ID number, or the subject of a certificate, and the organisation's name; both
are kept, the first encrypted, by a control above this one, which registers here what
looks them up. Without it a row is handed over with what it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

Resolver = Callable[[frozenset[str]], Mapping[str, str]]
"""UIDs, or codes, to what is known for them; what is not known is left out."""


def _nothing(asked: frozenset[str]) -> Mapping[str, str]:
    return {}


_subjects: Resolver = _nothing
_organisations: Resolver = _nothing


def register_subject_resolver(resolver: Resolver) -> None:
    """
    Say how UIDs become what the platform knows people by; called once, at start.

    Args:
        resolver: takes UIDs, returns UID to resident ID number or certificate subject.
    """
    global _subjects  # noqa: PLW0603 - the one seam between low and high
    _subjects = resolver


def register_organisation_resolver(resolver: Resolver) -> None:
    """Say how codes of organisations become names; called once, at start."""
    global _organisations  # noqa: PLW0603 - as above
    _organisations = resolver


def subjects_of(uids: frozenset[str]) -> Mapping[str, str]:
    """Return what the platform knows people by, for those known."""
    return _subjects(uids) if uids else {}


def organisations_of(codes: frozenset[str]) -> Mapping[str, str]:
    """Return the names of organisations, for those known."""
    return _organisations(codes) if codes else {}
