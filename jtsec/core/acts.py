"""
The seam at which jtsec's own dangerous acts ask for leave before they are done.

    def assign(identity, role, ...):
        require_leave("access.assign", person=identity.uid)

The verbs that grant, unlock or change a policy live in the lower rows and know nothing
of approvals; approvals registers the judge that knows which acts need a second person,
and which approved application is being carried out now (design D7). Nothing here can
be called to get leave: that is given by carrying out, and by nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from .context import current
from .exceptions import Refused

SENTENCE: Final = _(
    "This needs the approval of a second person. Submit an application for it."
)

Judge = Callable[[str, Mapping[str, object]], None]


class ApprovalRequired(Refused):
    """Says that an act is done by an approved application only."""

    def __init__(self, act: str) -> None:
        super().__init__("approval-required", str(SENTENCE))
        self.act = act


def _lets_pass(act: str, about: Mapping[str, object]) -> None:
    """Without approvals in the project nothing stands under them."""


_judge: Judge = _lets_pass


def set_judge(judge: Judge) -> None:
    """Let approvals say which acts need one; called once, at start."""
    global _judge  # noqa: PLW0603 - the one seam between low and high
    _judge = judge


def require_leave(act: str, **about: object) -> None:
    """
    Let an act be done, or refuse it until a second person approves it.

    Called at the beginning of the verb, before anything is looked up. A system actor
    passes: a command at the server's console is the way back when nobody is left to
    approve, and what it does is recorded all the same.

    Args:
        act: the name of the act, "control.verb".
        about: what it is done to, for the judge.

    Raises:
        ApprovalRequired: the act stands under approval and no approved application
            for it is being carried out.
    """
    # A person cannot become the system: `acting_as` inside of a request keeps it.
    context = current()
    if context.actor.kind == "system" and context.request is None:
        return
    _judge(act, about)
