"""
Terminals are bound to people, and taken from them (clause A4.11).

The security administrator says from where somebody may use critical functions. An
address alone can be taken by whoever plugs into that network; where a gateway names
the terminal or its certificate, bind those (`JTSEC_ACCESS_BINDING_ADDRESS_ALONE`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.core.exceptions import InputError
from jtsec.identity.api import fresh
from jtsec.identity.models import Identity

from .ending import about_to_end
from .events import TerminalBound, TerminalUnbound
from .exclusions import require_together
from .functions import function_of
from .gate import Authority, PolicyRefused, policy_gate
from .losses import end_sessions_of
from .models import TerminalBinding
from .reach import require_person_in_reach
from .refusals import refusals_recorded
from .rows import alive, begin, checked_reason, end
from .terminal_forms import described
from .validity import future

SHOWN: Final = ("right", "networks", "terminal", "certificate", "valid_until")


def bind_terminal(
    identity: Identity,
    *,
    right: str = "",
    networks: Iterable[str] = (),
    terminal: str = "",
    certificate: str = "",
    valid_until: datetime | None = None,
    reason: str,
) -> TerminalBinding:
    """
    Let somebody use critical functions from a terminal.

    Args:
        identity: who.
        right: for one critical function; "" for every one of the person.
        networks: networks in CIDR form, or single addresses.
        terminal: the id, or the MAC, that the gateway names.
        certificate: the SHA-256 or SM3 fingerprint of the terminal's certificate, or
            the certificate in PEM.
        valid_until: when the binding ends by itself.
        reason: why, in 1 to 200 characters.

    Raises:
        InputError, PolicyRefused: recorded; nothing changed.
    """
    whose = {"resource": _resource(identity), "subject": identity.login_name}
    with refusals_recorded("bind-terminal", **whose), policy_gate() as by:
        why = checked_reason(reason)
        row = described(networks, terminal, certificate)
        row.identity = _person(identity, by)
        row.right = _critical(right, row.identity)
        row.valid_until = future(valid_until)
        _require_new(row)
        begin(row, by, why)
        record(TerminalBound(**_whose(row), after=_shown(row), reason=why))
    return row


def unbind(binding: TerminalBinding, *, reason: str) -> None:
    """
    Take a terminal from somebody; their live sessions end. An altered one goes too.

    Args:
        binding: which.
        reason: why, in 1 to 200 characters.

    Raises:
        InputError: there is no reason, or it has ended already; recorded.
        PolicyRefused: the actor may not; recorded.
    """
    holder = binding.identity
    whose = {"resource": _resource(holder), "subject": holder.login_name}
    with refusals_recorded("unbind-terminal", **whose), policy_gate() as by:
        why = checked_reason(reason)
        row, _is_whole = about_to_end(TerminalBinding.objects.all(), binding.pk)
        person = _person(row.identity, by)
        end(row, by, why)
        record(TerminalUnbound(**_whose(row), before=_shown(row), reason=why))
        end_sessions_of([person.pk])


def bindings_of(identity: Identity) -> QuerySet[TerminalBinding]:
    """Return the terminals bound to somebody, those whose time is over included."""
    rows = TerminalBinding.objects.filter(alive(), identity=identity)
    return rows.order_by("made_at", "pk")


def _person(identity: Identity, by: Authority) -> Identity:
    """Return whom it is about as the database holds them: somebody else, in reach."""
    person = fresh(identity.uid)
    if by.identity is not None and by.identity.pk == person.pk:
        raise PolicyRefused("oneself", _("Nobody binds their own terminals."))
    require_person_in_reach(by, person)
    return person


def _critical(right: str, person: Identity) -> str:
    if not right:
        return right
    function = function_of(right)
    if function is None:
        raise InputError(
            _("There is no such function."), field="right", code="unknown-function"
        )
    if not function.critical:
        raise InputError(
            _("This function is not declared critical and asks for no terminal."),
            field="right",
            code="not-critical",
        )
    require_together(person, [right])
    return right


def _require_new(row: TerminalBinding) -> None:
    same = {name: getattr(row, name) for name in SHOWN if name != "networks"}
    for one in bindings_of(row.identity).filter(**same):
        if one.networks == row.networks:
            raise InputError(_("This terminal is bound already."), code="no-change")


def _resource(identity: Identity) -> str:
    return f"identity:{identity.uid}"


def _whose(row: TerminalBinding) -> dict[str, str]:
    return {
        "resource": _resource(row.identity),
        "subject_username": row.identity.login_name,
    }


def _shown(row: TerminalBinding) -> dict[str, object]:
    shown = {name: getattr(row, name) for name in SHOWN}
    until = row.valid_until
    return {**shown, "valid_until": until.isoformat() if until else ""}
