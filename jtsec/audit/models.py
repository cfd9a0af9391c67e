"""The table of the audit: rows that are added and never touched again."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Final, NoReturn

from django.core.checks import CheckMessage
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .append_only import AppendOnlyQuerySet
from .exceptions import AppendOnly
from .payload import TEXT_COLUMNS
from .stored_bytes import StoredBytes


def _text(name: str, verbose: Any) -> Any:
    return models.CharField(
        verbose, max_length=TEXT_COLUMNS[name][1], blank=True, default=""
    )


SPARSE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "resource": "resource",
        "subject": "subject",
        "reason": "reason",
        "source_terminal": "terminal",
        "source_mac": "mac",
    }
)
"""Columns that are empty in many rows, and what their index is called."""


ADMINISTRATORS: Final = ~models.Q(actor_duty="business") & ~models.Q(actor_duty="")
"""Events of the few who administrate, asked for apart from those of the many."""


def _unless_empty(column: str) -> models.Index:
    return models.Index(
        fields=[column, "at"],
        name=f"jtsec_audit_{SPARSE[column]}",
        condition=~models.Q(**{column: ""}),
    )


class AuditRecord(models.Model):
    """
    One event (clauses A5.1, A5.2, A5.8).

    `payload` and `mac` are the evidence; every other column is a copy for queries.
    Text, no foreign keys: evidence outlives whom and what it names.
    """

    id = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField(_("event number"), unique=True, editable=False)
    at = models.DateTimeField(_("time"))
    code = _text("code", _("action"))
    outcome = _text("outcome", _("result"))
    severity = models.PositiveSmallIntegerField(_("severity"))
    actor_kind = _text("actor_kind", _("kind of actor"))
    actor_uid = _text("actor_uid", _("user UID"))
    actor_username = _text("actor_username", _("user name"))
    actor_name = _text("actor_name", pgettext_lazy("jtsec", "name"))
    actor_is_police = models.BooleanField(_("police officer"), null=True)
    actor_organisation = _text("actor_organisation", _("organisation"))
    actor_duty = _text("actor_duty", _("duty"))
    source_address = _text("source_address", _("source address"))
    source_terminal = _text("source_terminal", _("terminal"))
    source_mac = _text("source_mac", _("MAC address"))
    request_id = _text("request_id", _("request number"))
    resource = _text("resource", _("resource"))
    subject = _text("subject", _("user concerned"))
    reason = _text("reason", _("reason"))
    payload = StoredBytes(pgettext_lazy("jtsec", "content"))
    mac = StoredBytes(_("check value"), max_length=32)
    mac_key_id = models.CharField(_("key of the check value"), max_length=64)

    objects: ClassVar[models.Manager[AuditRecord]] = AppendOnlyQuerySet.as_manager()

    class Meta:
        """
        Every index ends with the time, so that one value's rows come in order (A5.10).

        A column whose common value nobody asks for is indexed for the others alone; a
        row that has the common value then costs its writer nothing.
        """

        verbose_name = _("audit record")
        verbose_name_plural = _("audit records")
        ordering = ("-at", "-id")
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["at", "id"], name="jtsec_audit_at"),
            models.Index(fields=["actor_uid", "at"], name="jtsec_audit_actor"),
            models.Index(fields=["actor_username", "at"], name="jtsec_audit_username"),
            models.Index(fields=["code", "at"], name="jtsec_audit_code"),
            models.Index(fields=["source_address", "at"], name="jtsec_audit_address"),
            models.Index(fields=["actor_organisation", "at"], name="jtsec_audit_org"),
            models.Index(fields=["request_id", "at"], name="jtsec_audit_request"),
            *(_unless_empty(name) for name in SPARSE),
            models.Index(
                fields=["actor_kind", "at"],
                name="jtsec_audit_kind",
                condition=~models.Q(actor_kind="person"),
            ),
            models.Index(
                fields=["actor_duty", "at"],
                name="jtsec_audit_duty",
                condition=ADMINISTRATORS,
            ),
            models.Index(
                fields=["outcome", "at"],
                name="jtsec_audit_outcome",
                condition=~models.Q(outcome="done"),
            ),
            models.Index(
                fields=["severity", "at"],
                name="jtsec_audit_severity",
                condition=models.Q(severity__gte=30),
            ),
        ]

    @classmethod
    def check(cls, **kwargs: Any) -> list[CheckMessage]:
        """Leave out that MySQL indexes no part of a table; it has the rest."""
        found = super().check(**kwargs)
        return [message for message in found if message.id != "models.W037"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.code}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row; refuse to change one."""
        if not self._state.adding or self.pk is not None:
            raise AppendOnly("UPDATE")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnly("DELETE")
