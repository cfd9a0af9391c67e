"""
The seam by which `user.has_perm` reaches the one decision point.

Django asks the authentication backend; who may do what is decided two layers above, in
access, which registers here. Nobody registered: nobody may do anything.
"""

from __future__ import annotations

from typing import Any, Final, Protocol


class PermissionJudge(Protocol):
    """Answers Django's questions about permissions."""

    def may(self, user: Any, right: str, obj: Any) -> bool:
        """Answer whether somebody has a right, on an object where one is given."""

    def rights_of(self, user: Any) -> set[str]:
        """Return all rights somebody may use now."""

    def users_with(self, users: Any, right: str) -> Any:
        """Return those of some users, a queryset, who have a right."""


class NobodyMay:
    """Judges while access is not wired: everything is refused."""

    def may(self, user: Any, right: str, obj: Any) -> bool:
        """Refuse."""
        return False

    def rights_of(self, user: Any) -> set[str]:
        """Return nothing."""
        return set()

    def users_with(self, users: Any, right: str) -> Any:
        """Return nobody."""
        return users.none()


_CLOSED: Final = NobodyMay()
_judge: PermissionJudge = _CLOSED


def set_permission_judge(judge: PermissionJudge) -> None:
    """Let access answer; called once, at start."""
    global _judge  # noqa: PLW0603 - the one seam between low and high
    _judge = judge


def permission_judge() -> PermissionJudge:
    """Return who answers."""
    return _judge
