"""
The classes into which the security report puts attacks (clauses P47, T6.3).

An event belongs to the first class one of whose beginnings fits its code. What is
refused and is no attack (a full house, a password too short) belongs to none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class AttackClass:
    """
    One class of attacks.

    Args:
        name: what it is called.
        beginnings: how the codes of its events begin.
        answer: what the system does about it by itself.
    """

    name: str | Promise
    beginnings: tuple[str, ...]
    answer: str | Promise


CLASSES: Final = (
    AttackClass(
        _("Guessing of passwords"),
        (
            "authentication:login:refused",
            "authentication:user:locked",
            "authentication:terminal:blocked",
        ),
        _("Refused; user locked, terminal blocked at the limit"),
    ),
    AttackClass(
        _("Use of another's account"),
        (
            "authentication:login:disowned",
            "authentication:login:exposed",
            "authentication:password:foreign",
            "sessions:session:second-place",
        ),
        _("Recorded and alarmed; earlier session ended where that is the policy"),
    ),
    AttackClass(
        _("Overstepping of rights"),
        (
            "access:function:refused",
            "access:function:inconsistent",
            "access:view:",
            "access:policy:refused",
            "access:rows:refused",
            "access:file:refused",
            "access:file:outside",
            "access:file:altered",
            "approvals:request:self-approval",
            "approvals:request:refused",
            "approvals:act:refused",
            "approvals:delegation:refused",
            "accounts:act:refused",
            "errors:permission:refused",
            "authentication:block:lift-refused",
            "audit:alarm:refused",
            "audit:policy:refused",
            "audit:archive:drop-refused",
        ),
        _("Refused"),
    ),
    AttackClass(
        _("Unauthorised interface calls"), ("audit:attack:interface",), _("Refused")
    ),
    AttackClass(
        _("Altered data or log"),
        (
            "identity:seal:",
            "authentication:account:broken",
            "access:policy:altered",
            "access:policy:inconsistent",
            "access:role:cycle",
            "approvals:request:broken",
            "accounts:review:broken",
            "fields:",
            "protection:",
            "audit:record:altered",
            "audit:log:false",
            "audit:anchor:altered",
            "audit:clock:set-back",
            "audit:export:left-out",
        ),
        _("Use refused, alarm raised"),
    ),
    AttackClass(_("Forged requests"), ("audit:attack:csrf",), _("Refused")),
    AttackClass(
        _("Scans and injection"),
        (
            "audit:attack:host",
            "audit:attack:suspicious",
            "audit:attack:scan",
            "audit:attack:injection",
            "audit:attack:flood",
        ),
        _("Refused or recorded, source noted"),
    ),
)


def class_of(code: str) -> AttackClass | None:
    """Return the class of an event, or None where it is no attack."""
    for one in CLASSES:
        if code.startswith(one.beginnings):
            return one
    return None


def by_class(codes: Iterable[str]) -> dict[AttackClass, list[str]]:
    """Return the codes that are attacks, by class, in the order of the classes."""
    found: dict[AttackClass, list[str]] = {one: [] for one in CLASSES}
    for code in codes:
        attack = class_of(code)
        if attack is not None:
            found[attack].append(code)
    return found
