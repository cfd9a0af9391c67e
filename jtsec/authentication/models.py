"""The tables of authentication: who may enter when, from where, and what was tried."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SealedRow(models.Model):
    """
    Is the base of rows that SQL must not quietly loosen.

    `SEALED` names the columns under the seal; see `seals`.
    """

    SEALED: ClassVar[tuple[str, ...]] = ()

    seal = models.BinaryField(editable=False)
    seal_key_id = models.CharField(max_length=32, editable=False)

    class Meta:
        abstract = True


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
