"""Places people log in from: a table of networks, for private addresses say nothing."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import router, transaction
from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.core.clock import now
from jtsec.core.context import Actor
from jtsec.core.exceptions import InputError
from jtsec.fields.api import apply_seal, check_seal
from jtsec.validation.api import check_plain_text

from .accounts import write_account
from .authority import NotAllowed, require_authority, required_reason
from .events import AccountChangeRefused, PlaceDefined
from .models import Account, Place
from .restriction_forms import normal_networks
from .shared_restrictions import place_defined, restrictions_of

NAME_LENGTH = 100


def define_place(name: str, networks: Iterable[str], *, reason: str) -> Place:
    """
    Say which networks lie in a place; accounts and roles bound to it follow at once.

    Args:
        name: the place, new or known.
        networks: networks in CIDR form, at least one: a place without networks would
            lock out everybody bound to it.
        reason: why, for the audit.

    Raises:
        NotAllowed: the actor may not, or is bound to the place; recorded.
        InputError: the name or a network is malformed.
        VerifiedFalse: the place, or an account bound to it, was altered.
    """
    actor = require_authority("define-place")
    reason, name = required_reason(reason), name.strip()
    check_plain_text(name, field="name")
    wanted = normal_networks(networks)
    if not wanted or not name or len(name) > NAME_LENGTH:
        raise InputError(_("A place has a name and networks."), field="networks")
    _require_not_bound(actor, name)
    with transaction.atomic(using=router.db_for_write(Place)):
        place = _locked(name)
        before, place.networks = list(place.networks), wanted
        apply_seal(place)
        place.save()
        _follow(name, wanted)
        record(
            PlaceDefined(
                resource=f"place:{name}",
                reason=reason,
                before={"networks": before},
                after={"networks": wanted},
            )
        )
    return place


def _locked(name: str) -> Place:
    """Return a place as it is, locked and verified, or a new one without networks."""
    place = Place.objects.select_for_update().filter(name=name).first()
    if place is None:
        return Place(name=name, networks=[])
    check_seal(place)
    return place


def _require_not_bound(actor: Actor, name: str) -> None:
    """Refuse to move a place to who is held to it: they would free themselves."""
    if actor.kind != "person":
        return
    rows = Account.objects.select_related("user__jtsec_identity__organisation")
    own = rows.filter(user__jtsec_identity__uid=actor.uid).first()
    held = [] if own is None else [own.places]
    if own is not None:
        held += [one.places for one in restrictions_of(own.user, now())]
    if any(name in places for places in held):
        record(
            AccountChangeRefused(
                resource=f"place:{name}",
                subject_username=actor.username,
                action="define-place",
                reason="own-account",
            )
        )
        raise NotAllowed("own-account", _("Nobody changes their own account."))


def _follow(name: str, networks: list[str]) -> None:
    """Give the networks to every role, and to every account, bound to the place."""
    # Roles first: whoever changes a person locks in this order too.
    place_defined(name, networks)
    bound = Account.objects.exclude(places={}).select_related("user__jtsec_identity")
    for account in bound:
        if name in account.places:
            write_account(account.user, places={**account.places, name: networks})
