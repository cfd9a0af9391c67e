"""Tells the audit's queries who people and organisations are, from the identities."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import Q

from jtsec.audit.query.api import MOST_PEOPLE, Person
from jtsec.identity.api import descendants
from jtsec.identity.models import Identity, Organization


class IdentityDirectory:
    """Answers from the tables of identity, those put out of use included."""

    def people(self, text: str) -> Collection[Person]:
        """Return whom a name, login name, number or UID means."""
        meant = Q(name=text) | Q(number=text) | Q(login_name__iexact=text)
        uid = _uuid(text)
        if uid is not None:
            meant |= Q(uid=uid)
        return tuple(map(_person, Identity.objects.filter(meant)[: MOST_PEOPLE + 1]))

    def people_of(self, uids: Collection[str]) -> Mapping[str, Person]:
        """Return the people of some UIDs."""
        wanted = {uid for uid in map(_uuid, uids) if uid is not None}
        found = map(_person, Identity.objects.filter(uid__in=wanted))
        return {person.uid: person for person in found}

    def codes_below(self, code: str) -> Collection[str]:
        """Return the codes of the organisations below one in the tree."""
        top = Organization.objects.filter(code=code).first()
        return () if top is None else set(_codes(top))

    def organisations(self) -> Mapping[str, str]:
        """Return every organisation's name by its code."""
        return dict(Organization.objects.order_by("code").values_list("code", "name"))


def _codes(top: Organization) -> Collection[str]:
    return list(descendants(top).values_list("code", flat=True))


def _person(identity: Identity) -> Person:
    return Person(
        str(identity.uid), identity.login_name, identity.name, identity.number
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
