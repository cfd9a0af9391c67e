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
from jtsec.authentication.api import normal_networks, normal_terminals
from jtsec.core.exceptions import InputError
from jtsec.core.net import parse_networks
from jtsec.core.source import fingerprint
from jtsec.identity.api import fresh
from jtsec.identity.models import Identity

from .conf import access_settings
from .events import TerminalBound, TerminalUnbound
from .exclusions import require_together
from .functions import function_of
from .gate import Authority, PolicyRefused, policy_gate
from .losses import end_sessions_of
from .models import TerminalBinding
from .reach import require_person_in_reach
from .refusals import refusals_recorded
from .rows import alive, begin, checked_reason, end, whole
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
        InputError: something is malformed, or nothing is bound; nothing changed.
        PolicyRefused: the actor may not, or the function is none of the person's.
    """
    subject = identity.login_name
    resource = f"identity:{identity.uid}"
    with (
        refusals_recorded("bind-terminal", resource=resource, subject=subject),
        policy_gate() as by,
    ):
        why = checked_reason(reason)
        person = _person(identity, by)
        _require_critical(right, person)
        row = TerminalBinding(
            identity=person,
            right=right,
            networks=_networks(networks),
            terminal=_terminal(terminal),
            certificate=_certificate(certificate),
            valid_until=future(valid_until),
        )
        _require_binding(row)
        begin(row, by, why)
        record(
            TerminalBound(
                resource=resource,
                subject_username=subject,
                after=_shown(row),
                reason=why,
            )
        )
    return row


def unbind(binding: TerminalBinding, *, reason: str) -> None:
    """
    Take a terminal from somebody; their live sessions end.

    Args:
        binding: which.
        reason: why, in 1 to 200 characters.

    Raises:
        InputError: there is no reason, or it has ended already.
        PolicyRefused: the actor may not, or the binding was altered.
    """
    subject = binding.identity.login_name
    resource = f"identity:{binding.identity.uid}"
    with (
        refusals_recorded("unbind-terminal", resource=resource, subject=subject),
        policy_gate() as by,
    ):
        why = checked_reason(reason)
        row = whole(TerminalBinding.objects.all(), binding.pk)
        person = _person(row.identity, by)
        end(row, by, why)
        record(
            TerminalUnbound(
                resource=resource,
                subject_username=subject,
                before=_shown(row),
                reason=why,
            )
        )
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


def _require_critical(right: str, person: Identity) -> None:
    if not right:
        return
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


def _networks(given: Iterable[str]) -> list[str]:
    found = normal_networks(given)
    if any(one.prefixlen == 0 for one in parse_networks(tuple(found))):
        raise InputError(
            _("A network of all addresses binds nothing."),
            field="networks",
            code="everywhere",
        )
    return found


def _terminal(given: str) -> str:
    return normal_terminals([given])[0] if given else ""


def _certificate(given: str) -> str:
    found = fingerprint(given)
    if given and not found:
        raise InputError(
            _("Not a certificate, nor its SHA-256 or SM3 fingerprint."),
            field="certificate",
            code="not-a-fingerprint",
        )
    return found


def _require_binding(row: TerminalBinding) -> None:
    if not (row.networks or row.terminal or row.certificate):
        raise InputError(
            _("Say which terminal: networks, an id or MAC, or a certificate."),
            code="nothing-bound",
        )
    has_name = row.terminal or row.certificate
    if not has_name and not access_settings().binding_address_alone:
        raise InputError(
            _("An address alone is not enough here; add an id or a certificate."),
            field="networks",
            code="address-alone",
        )
    same = {name: getattr(row, name) for name in SHOWN if name != "networks"}
    for one in bindings_of(row.identity).filter(**same):
        if one.networks == row.networks:
            raise InputError(_("This terminal is bound already."), code="no-change")


def _shown(row: TerminalBinding) -> dict[str, object]:
    shown = {name: getattr(row, name) for name in SHOWN}
    until = row.valid_until
    return {**shown, "valid_until": until.isoformat() if until else ""}
