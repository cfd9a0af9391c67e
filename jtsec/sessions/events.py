"""What the sessions report to the audit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Event, Outcome, Severity, event


@event(
    "sessions:session:ended",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A9.1",
    label=_("Session ended"),
)
class SessionEnded(Event):
    """A session ended otherwise than by logging out."""

    resource: str
    """The beginning of the session's stored key, enough to tell sessions apart."""
    subject_username: str
    reason: str
    """One of the reasons listed with the sessions: idle, absolute, replaced …"""
    address: str


@event(
    "sessions:session:residue-left",
    Outcome.FAILED,
    Severity.ALARM,
    clause="A6.4",
    label=_("Something of an ended session was left"),
)
class ResidueLeft(Event):
    """A session ended, but something that was kept for it could not be removed."""

    resource: str
    what: str
    """What was to be removed."""
    error: str


@event(
    "sessions:session:second-place",
    Outcome.DONE,
    Severity.ALARM,
    clause="A3.2.11",
    label=_("Logged in at a second place"),
)
class SecondPlaceFound(Event):
    """A user logged in while another terminal had a live session of the same user."""

    resource: str
    subject_username: str
    terminal: str
    """The terminal of the new session."""
    others: tuple[str, ...]
    """The addresses of the sessions that were there already."""
    ended: int
    """How many of them were ended by it."""


@event(
    "sessions:login:user-full",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="A9.3",
    label=_("Login refused: the user's sessions are full"),
)
class UserSessionsFull(Event):
    """A login was refused because the user has the permitted number of sessions."""

    subject_username: str
    reason: str
    others: tuple[str, ...]
    """The addresses of the live sessions."""


@event(
    "sessions:login:application-full",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="A9.2",
    label=_("Login refused: all sessions are taken"),
)
class ApplicationSessionsFull(Event):
    """A login was refused because all places of the application are taken."""

    subject_username: str
    reason: str
    live: int
    """How many sessions of all users were live."""


@event(
    "sessions:session:ended-by-administrator",
    Outcome.DONE,
    Severity.WARNING,
    clause="A9.1",
    label=_("Session ended by an administrator"),
)
class SessionEndedByAdministrator(Event):
    """An administrator ended somebody's session, and said why."""

    resource: str
    subject_username: str
    reason: str
    """In the administrator's words."""
    address: str


@event(
    "sessions:session:end-refused",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="A9.1",
    label=_("Ending a session refused"),
)
class SessionEndRefused(Event):
    """Somebody without the duty, or their own session: it goes on."""

    resource: str
    reason: str
