"""The tables of the interfaces: who signs, what was used up, who called how often."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jtsec.core.guarding import GuardedModel
from jtsec.core.identifiers import new_id
from jtsec.fields.models import SealedRow
from jtsec.identity.models import Identity

GUARD = "rest"


class ClientKind(models.TextChoices):
    """What signs: a device that somebody sits at, or a program."""

    TERMINAL = "terminal", _("Terminal")
    SERVICE = "service", _("Service")


class SignedClient(GuardedModel, SealedRow):
    """
    A terminal or service whose SM2 key is known, and what it may do in whose name.

    Nothing is deleted: what ended keeps when, by whom and why, and a key or code that
    was once registered is never registered again.

    Args:
        identity: the account that answers for it; its rights bound the client's.
        rights: the functions it may call, of those that the account has.
        networks: from where it calls.
    """

    GUARD = GUARD
    SEALED = (
        *("id", "code", "name", "kind", "identity_id", "public_key", "fingerprint"),
        *("rights", "networks", "valid_until", "made_at", "made_by", "made_why"),
        *("ended_at", "ended_by", "ended_why"),
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.SlugField(_("client code"), max_length=40, unique=True)
    name = models.CharField(pgettext_lazy("jtsec", "name"), max_length=100)
    kind = models.CharField(_("kind of client"), max_length=16, choices=ClientKind)
    identity = models.ForeignKey(
        Identity,
        on_delete=models.CASCADE,
        related_name="signed_clients",
        verbose_name=_("account that answers for it"),
    )
    public_key = models.TextField(_("public key"))
    fingerprint = models.CharField(_("fingerprint"), max_length=64, unique=True)
    rights = models.JSONField(_("rights"), default=list)
    networks = models.JSONField(_("networks"), default=list)
    valid_until = models.DateTimeField(_("valid until"))
    made_at = models.DateTimeField(_("made at"))
    made_by = models.CharField(_("made by"), max_length=36, blank=True)
    made_why = models.CharField(_("reason"), max_length=200, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_by = models.CharField(_("ended by"), max_length=36, blank=True)
    ended_why = models.CharField(_("why ended"), max_length=200, blank=True)

    class Meta(GuardedModel.Meta):
        abstract = False
        verbose_name = _("signing client")
        verbose_name_plural = _("signing clients")
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class UsedNonce(models.Model):
    """
    A signed request that was accepted; its key cannot be stored a second time.

    Args:
        digest: SM3 of client and nonce.
        signed_at: the time in the request, in seconds since 1970.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    signed_at = models.BigIntegerField(db_index=True)

    class Meta:
        verbose_name = _("used nonce")
        verbose_name_plural = _("used nonces")

    def __str__(self) -> str:
        return self.digest[:8]


class NonceHorizon(models.Model):
    """
    Up to which time used nonces were forgotten; nothing signed before is accepted.

    Without it a clock that is set back would let in what was forgotten.
    """

    name = models.CharField(max_length=16, primary_key=True)
    signed_at = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("horizon of the nonces")
        verbose_name_plural = _("horizon of the nonces")

    def __str__(self) -> str:
        return f"{self.name} {self.signed_at}"


class CallCount(models.Model):
    """
    How often one caller called in a span of time.

    Args:
        digest: SM3 of what is counted and whose it is.
        span: its number since 1970.
        calls: how many calls came in it.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    span = models.BigIntegerField(db_index=True)
    calls = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("count of calls")
        verbose_name_plural = _("counts of calls")

    def __str__(self) -> str:
        return f"{self.digest[:8]} {self.calls}"
