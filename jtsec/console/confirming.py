"""
An act that gives, takes or changes asks for a reason and the password (A4.4).

Giving is as dangerous as taking: a session left open at a desk must make nobody an
administrator, let nobody in, and switch no rule off.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest

from jtsec.authentication.api import PasswordAgain

from .acting import ReasonForm


class ConfirmedForm(PasswordAgain, ReasonForm):
    """
    A reason, and the password of who is logged in.

    Args:
        request: whose; its POST is what was typed.
        is_asked: whether the POST is about this form; of two on a page one is.
        options: what any form takes besides.
    """

    field_order: Iterable[str] | None = ("reason", "password")

    def __init__(
        self, request: HttpRequest, *, is_asked: bool = True, **options: Any
    ) -> None:
        typed = request.POST if request.method == "POST" and is_asked else None
        super().__init__(request.user, typed, **options)
