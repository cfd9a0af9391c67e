"""A dangerous act of an administrator asks for a reason and the password (A4.4)."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest

from jtsec.authentication.api import PasswordAgain

from .acting import ReasonForm


class ConfirmedForm(PasswordAgain, ReasonForm):
    """
    A reason, and the password of who is logged in.

    Args:
        request: whose; its POST is what was typed.
    """

    field_order: Iterable[str] | None = ("reason", "password")

    def __init__(self, request: HttpRequest) -> None:
        typed = request.POST if request.method == "POST" else None
        super().__init__(request.user, typed)
