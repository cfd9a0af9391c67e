"""Organisations: created, renamed, moved in their tree, put out of use."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.core.exceptions import InputError
from jtsec.validation.api import check_organisation_code, check_plain_text

from .announcements import announce_organisations
from .events import OrganisationChanged, OrganisationCreated
from .gate import gate
from .models import Organization

NAME_LENGTH = 100


def create_organisation(
    *, code: str, name: str, parent: Organization | None = None, reason: str = ""
) -> Organization:
    """
    Add an organisation.

    Args:
        code: 12 digits; never changes, for the seals of its people cover it.
        name: at most 100 characters.
        parent: the superior organisation.
        reason: why, at most 200 characters; recorded.

    Raises:
        InputError: a value is malformed, or the code is in use.
        NotAllowed: nobody acts, or the actor's duty does not include this.
    """
    with gate():
        checked_code = check_organisation_code(code, "code")
        if Organization.objects.filter(code=checked_code).exists():
            raise InputError(
                _("There is an organisation with this code."),
                field="code",
                code="taken",
            )
        made = Organization(code=checked_code, name=_checked_name(name), parent=parent)
        made.save(force_insert=True)
        record(
            OrganisationCreated(
                resource=_resource(made),
                after=_shown(made),
                reason=_checked_why(reason),
            )
        )
        announce_organisations()
    return made


def rename_organisation(
    organisation: Organization, name: str, *, reason: str = ""
) -> Organization:
    """Give an organisation another name; raises as `create_organisation`."""
    with gate():
        found = _fresh(organisation)
        before = _shown(found)
        found.name = _checked_name(name)
        return _saved(found, before, _checked_why(reason))


def move_organisation(
    organisation: Organization, parent: Organization | None, *, reason: str = ""
) -> Organization:
    """
    Put an organisation under another one, or at the top.

    Raises:
        InputError: the new superior is the organisation itself or below it.
        NotAllowed: nobody acts, or the actor's duty does not include this.
    """
    with gate():
        found = _fresh(organisation)
        before = _shown(found)
        if parent is not None and parent.pk in _ids_below(found):
            raise InputError(
                _("An organisation cannot be below itself."),
                field="parent",
                code="cycle",
            )
        found.parent = parent
        return _saved(found, before, _checked_why(reason))


def deactivate_organisation(organisation: Organization, *, reason: str) -> Organization:
    """
    Put an organisation out of use: nobody new can be registered in it.

    Raises:
        InputError: there is no reason, or active people or organisations are left.
        NotAllowed: nobody acts, or the actor's duty does not include this.
    """
    with gate():
        found = _fresh(organisation)
        before = _shown(found)
        why = _checked_why(reason)
        if not why:
            raise InputError(_("Give a reason."), field="reason", code="empty")
        if (
            found.identities.filter(is_active=True).exists()
            or found.children.filter(is_active=True).exists()
        ):
            raise InputError(
                _("Move the people and organisations below it first."), code="in-use"
            )
        found.is_active = False
        return _saved(found, before, why)


def descendants(organisation: Organization) -> QuerySet[Organization]:
    """
    Return an organisation and all that are below it.

    One query a level of the tree, of which there are five or six in practice; works
    the same on every database, and ends also on a cycle made by SQL.
    """
    return Organization.objects.filter(pk__in=_ids_below(organisation))


def _ids_below(organisation: Organization) -> set[int]:
    known = {organisation.pk}
    level = known
    while level:
        children = Organization.objects.filter(parent__in=level)
        level = set(children.values_list("pk", flat=True)) - known
        known = known | level
    return known


def _fresh(organisation: Organization) -> Organization:
    found = Organization.objects.select_for_update().filter(pk=organisation.pk).first()
    if found is None:
        raise InputError(_("This organisation does not exist."), code="unknown")
    return found


def _saved(
    found: Organization, before: dict[str, object], reason: str = ""
) -> Organization:
    found.save()
    record(
        OrganisationChanged(
            resource=_resource(found), before=before, after=_shown(found), reason=reason
        )
    )
    announce_organisations()
    return found


def _checked_name(name: str) -> str:
    checked = check_plain_text(name, "name", max_length=NAME_LENGTH).strip()
    if not checked:
        raise InputError(_("An organisation needs a name."), field="name", code="empty")
    return checked


def _checked_why(reason: str) -> str:
    return check_plain_text(reason, "reason", max_length=200).strip()


def _resource(organisation: Organization) -> str:
    return f"organisation:{organisation.code}"


def _shown(organisation: Organization) -> dict[str, object]:
    return {
        "code": organisation.code,
        "name": organisation.name,
        "parent": organisation.parent.code if organisation.parent else "",
        "is_active": organisation.is_active,
    }
