"""The tables of identity: organisations, persons, and the ledger that outlives them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jtsec.core.guarding import GuardedModel
from jtsec.fields import EncryptedCharField

from .uids import new_uid
from .writing import GUARD


class Duty(models.TextChoices):
    """What somebody is there for; one column, so that nobody can have two."""

    BUSINESS = "business", _("Business user")
    SYSTEM = "system", _("System administrator")
    SECURITY = "security", _("Security administrator")
    AUDIT = "audit", _("Audit administrator")


class Organization(GuardedModel):
    """An organisation, known by its 12-digit code, in a tree."""

    GUARD = GUARD

    code = models.CharField(_("organisation code"), max_length=12, unique=True)
    name = models.CharField(_("organisation"), max_length=100)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("superior organisation"),
    )
    is_active = models.BooleanField(pgettext_lazy("jtsec", "active"), default=True)

    class Meta(GuardedModel.Meta):
        abstract = False
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class Identity(GuardedModel):
    """
    Who a user is: five identifiers that agree, and a seal that shows it (A3.1.2).

    `login_key` is the SM3 digest of the folded login name: hexadecimal compares alike
    under every collation, so look-up and uniqueness never depend on the database.
    """

    GUARD = GUARD

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="jtsec_identity",
        verbose_name=_("user"),
    )
    uid = models.UUIDField(_("UID"), unique=True, default=new_uid, editable=False)
    login_name = models.CharField(_("login name"), max_length=150)
    login_key = models.CharField(max_length=64, unique=True, editable=False)
    name = models.CharField(pgettext_lazy("jtsec", "name"), max_length=50)
    resident_id = EncryptedCharField(
        _("resident ID number"), max_length=18, searchable=True, unique=True
    )
    is_police = models.BooleanField(_("police officer"))
    number = models.CharField(
        _("police or employee number"), max_length=64, unique=True
    )
    organisation = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        related_name="identities",
        verbose_name=_("organisation"),
    )
    duty = models.CharField(_("duty"), max_length=16, choices=Duty)
    is_active = models.BooleanField(pgettext_lazy("jtsec", "active"), default=True)
    deactivated_at = models.DateTimeField(_("deactivated at"), null=True, blank=True)
    deactivated_why = models.CharField(
        _("reason of deactivation"), max_length=200, blank=True
    )
    adopted_password = models.BinaryField(blank=True, editable=False)
    seal = models.BinaryField(editable=False)
    seal_key_id = models.CharField(max_length=32, editable=False)

    class Meta(GuardedModel.Meta):
        abstract = False
        verbose_name = _("identity")
        verbose_name_plural = _("identities")

    def __str__(self) -> str:
        return f"{self.name} ({self.login_name})"


class LedgerKind(models.TextChoices):
    """The four things that are never given to a second person."""

    UID = "uid", _("UID")
    LOGIN_NAME = "login_name", _("login name")
    RESIDENT_ID = "resident_id", _("resident ID number")
    NUMBER = "number", _("police or employee number")


class IdentityLedger(GuardedModel):
    """
    Everything ever given out, as keyed digests, with the UID it belongs to.

    Has no foreign key: it outlives the account, so that a removed person's number is
    not taken by another one. A keyed digest tells nothing about an ID number to
    somebody who copies the table.
    """

    GUARD = GUARD

    kind = models.CharField(max_length=16, choices=LedgerKind)
    digest = models.CharField(max_length=64)
    key_id = models.CharField(max_length=32)
    owner = models.UUIDField(db_index=True)
    recorded_at = models.DateTimeField()

    class Meta(GuardedModel.Meta):
        abstract = False
        verbose_name = _("identity ledger entry")
        verbose_name_plural = _("identity ledger")
        constraints = [
            models.UniqueConstraint(
                fields=("kind", "digest"), name="jtsec_identityledger_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.digest[:8]}"


class IdentityGate(models.Model):
    """
    The one row that writers of identities take in turn.

    Changing it locks it on every database, SQLite included, where
    `select_for_update` does nothing.
    """

    name = models.CharField(max_length=16, primary_key=True)
    passes = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("identity gate")
        verbose_name_plural = _("identity gate")

    def __str__(self) -> str:
        return self.name
