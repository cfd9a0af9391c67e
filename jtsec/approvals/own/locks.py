"""The lifting of a lock: the system administrator applies, security lifts (A3.2.7)."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jtsec.authentication.api import lift, list_blocks
from jtsec.authentication.models import Block
from jtsec.core.exceptions import InputError
from jtsec.identity.api import user_by_login_name

from ..application import Application, Content
from ..kinds import Kind, Rows, Step

CODE: Final = "authentication.unlock"
REASON_LENGTH: Final = 200


def _execute(application: Application) -> None:
    lift(_block(application.resource), reason=application.reason[:REASON_LENGTH])


def _check(payload: Content, resource: str) -> None:
    _block(resource)


def _touched(resource: str, payload: Content) -> list[str]:
    """Nobody approves the end of their own lock."""
    block = Block.objects.filter(pk=_number(resource), dimension="user").first()
    user = None if block is None else user_by_login_name(block.subject)
    identity = getattr(user, "jtsec_identity", None)
    return [] if identity is None else [str(identity.uid)]


def _subject(resource: str, payload: Content) -> str:
    block = _block(resource)
    return f"{block.get_dimension_display()} {block.subject}"


def _describe(application: Application) -> Rows:
    block = Block.objects.filter(pk=_number(application.resource)).first()
    if block is not None:
        yield _("Locked"), f"{block.get_dimension_display()} {block.subject}"
        yield _("Locked since"), block.since
        yield _("Failures"), block.failures
        yield _("Last source"), block.last_address


def _block(resource: str) -> Block:
    found = list_blocks().filter(pk=_number(resource)).first()
    if found is None:
        raise InputError(_("This lock has ended already."), code="not-in-force")
    return found


def _number(resource: str) -> int:
    model, _colon, number = resource.partition(":")
    if model != "jtsec.block" or not number.isdecimal():
        raise InputError(_("The application is not about this."), field="resource")
    return int(number)


KIND: Final = Kind(
    code=CODE,
    name=gettext_lazy("Lifting of a lock"),
    submit_rights=("jtsec.request_unlock", "jtsec.prepare_unlock"),
    steps=(
        Step("jtsec.approve_unlock", gettext_lazy("Security administrator lifts it")),
    ),
    executor=_execute,
    check=_check,
    touched=_touched,
    subject=_subject,
    describe=_describe,
    form_title=gettext_lazy("Application for the lifting of a lock"),
    acts=(CODE,),
)
RIGHTS: Final = {
    "jtsec.request_unlock": ("system", gettext_lazy("Apply for the end of a lock")),
    "jtsec.prepare_unlock": ("security", gettext_lazy("Prepare the end of a lock")),
    "jtsec.approve_unlock": ("security", gettext_lazy("Approve the end of a lock")),
}
