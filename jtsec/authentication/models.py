"""The tables of authentication: who may enter when, from where, and what was tried."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from jtsec.fields.models import SealedRow


class Account(SealedRow):
    """
    What holds for one user's logins, and what the user is told about them.

    Made with the identity, in its transaction; a person without one is refused, for
    otherwise deleting the row would lift every restriction. An empty list restricts
    nothing. `places` keeps each place's networks with its name, so that a request is
    decided without another query.
    """

    SEALED = (
        "user_id",
        "valid_from",
        "valid_until",
        "password_set_at",
        "must_change_password",
        "must_change_why",
        "reactivated_at",
        "networks",
        "terminals",
        "places",
        "weekdays",
        "hours",
    )

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="jtsec_account",
        verbose_name=_("user"),
    )
    created_at = models.DateTimeField(_("created at"))
    valid_from = models.DateTimeField(_("valid from"), null=True, blank=True)
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)
    reactivated_at = models.DateTimeField(_("reactivated at"), null=True, blank=True)
    password_set_at = models.DateTimeField(_("password set at"))
    must_change_password = models.BooleanField(_("password change due"), default=False)
    must_change_why = models.CharField(_("why"), max_length=32, blank=True)

    networks = models.JSONField(_("networks"), default=list, blank=True)
    terminals = models.JSONField(_("terminals"), default=list, blank=True)
    places = models.JSONField(_("places"), default=dict, blank=True)
    weekdays = models.JSONField(_("weekdays"), default=list, blank=True)
    hours = models.JSONField(_("hours"), default=list, blank=True)

    login_at = models.DateTimeField(_("this login"), null=True, editable=False)
    login_address = models.CharField(max_length=45, blank=True, editable=False)
    login_terminal = models.CharField(max_length=64, blank=True, editable=False)
    previous_at = models.DateTimeField(_("last login"), null=True, editable=False)
    previous_address = models.CharField(max_length=45, blank=True, editable=False)
    previous_terminal = models.CharField(max_length=64, blank=True, editable=False)
    failures = models.TextField(_("failed logins"), blank=True, editable=False)
    failure_count = models.PositiveIntegerField(default=0, editable=False)
    shown_failures = models.TextField(blank=True, editable=False)
    shown_failure_count = models.PositiveIntegerField(default=0, editable=False)

    class Meta(SealedRow.Meta):
        abstract = False
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self) -> str:
        return f"account of user {self.user_id}"


class Place(SealedRow):
    """A place people log in from, as the networks that lie in it."""

    SEALED = ("name", "networks")

    name = models.CharField(_("place"), max_length=100, unique=True)
    networks = models.JSONField(_("networks"), default=list)

    class Meta(SealedRow.Meta):
        abstract = False
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class CalendarDay(SealedRow):
    """A day that is worked although it is a weekend, or free although it is not."""

    SEALED = ("date", "is_working")

    date = models.DateField(_("date"), unique=True)
    is_working = models.BooleanField(_("working day"))
    name = models.CharField(_("occasion"), max_length=50, blank=True)

    class Meta(SealedRow.Meta):
        abstract = False
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        ordering = ("date",)

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d}"


class Dimension(models.TextChoices):
    """What wrong passwords are counted by."""

    USER = "user", _("User")
    TERMINAL = "terminal", _("Terminal")


class Counter(models.Model):
    """
    The failed logins of one user or terminal; changed by `counters` alone.

    Times are milliseconds since 1970. `blocked_until` is 0 where there is room, and
    2^62 where a lock has to be lifted. `digest` is the SM3 of dimension and subject:
    hexadecimal compares alike under every collation. The subject itself is not kept:
    people type their password where the name belongs.
    """

    digest = models.CharField(max_length=64, unique=True)
    dimension = models.CharField(max_length=8, choices=Dimension)
    failures = models.IntegerField(default=0)
    pending = models.IntegerField(default=1)
    window_from = models.BigIntegerField()
    last_at = models.BigIntegerField()
    blocked_until = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("counter of failed logins")
        verbose_name_plural = _("counters of failed logins")

    def __str__(self) -> str:
        return f"{self.dimension} {self.digest[:8]}"


class Block(models.Model):
    """
    One lock of a user or blacklisting of a terminal, kept when it has ended (P44.4).

    Text and not foreign keys: who is locked may not exist, and history outlives users.
    """

    digest = models.CharField(max_length=64, db_index=True, editable=False)
    dimension = models.CharField(_("kind"), max_length=8, choices=Dimension)
    subject = models.CharField(_("user or terminal"), max_length=255)
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    failures = models.IntegerField(_("failed logins"))
    last_address = models.CharField(_("last address"), max_length=45, blank=True)
    last_terminal = models.CharField(_("last terminal"), max_length=64, blank=True)
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True)
    lifted_by = models.CharField(_("lifted by"), max_length=150, blank=True)
    lifted_by_uid = models.CharField(max_length=36, blank=True, editable=False)
    lift_reason = models.CharField(_("why lifted"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("lock or blacklisting")
        verbose_name_plural = _("locks and blacklistings")
        ordering = ("-since", "-pk")

    def __str__(self) -> str:
        return f"{self.dimension} {self.subject}"


class PasswordHistory(models.Model):
    """A password that was in use, in a form no login accepts; see `history`."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="jtsec_passwords",
        verbose_name=_("user"),
    )
    encoded = models.CharField(max_length=160, editable=False)
    set_at = models.DateTimeField(_("set at"))

    class Meta:
        verbose_name = _("former password")
        verbose_name_plural = _("former passwords")

    def __str__(self) -> str:
        return f"password of user {self.user_id} from {self.set_at:%Y-%m-%d}"
