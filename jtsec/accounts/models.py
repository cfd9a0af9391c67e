"""The tables of the accounts: quarterly reviews and what became of each account."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jtsec.core.guarding import GuardedModel
from jtsec.core.identifiers import new_id
from jtsec.fields.models import SealedRow
from jtsec.identity.models import Duty

GUARD = "accounts"


class Verdict(models.TextChoices):
    """What was said of an account."""

    OPEN = "", pgettext_lazy("jtsec review", "Not answered")
    CONFIRMED = "confirmed", pgettext_lazy("jtsec review", "Confirmed")
    STRUCK = "struck", pgettext_lazy("jtsec review", "Struck off")


class Result(models.TextChoices):
    """What became of an account when its review was closed."""

    OPEN = "", "–"
    KEPT = "kept", pgettext_lazy("jtsec review", "Stays in use")
    DISABLED = "disabled", pgettext_lazy("jtsec review", "Put out of use")
    GONE = "gone", pgettext_lazy("jtsec review", "Was out of use before")
    LEFT = "left", pgettext_lazy("jtsec review", "Could not be put out of use")


class AccountReview(GuardedModel, SealedRow):
    """
    One quarter's review of accounts (clause P32).

    `accounts` is how many there are on the list, under the seal: a row that somebody
    takes off it is missed.
    """

    GUARD = GUARD
    SEALED = (
        *("id", "quarter", "accounts", "due_at"),
        *("opened_at", "opened_by", "opened_why"),
        *("closed_at", "closed_by", "closed_why"),
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    quarter = models.CharField(_("quarter"), max_length=7, unique=True)
    accounts = models.PositiveIntegerField(_("accounts"))
    due_at = models.DateTimeField(_("to be answered by"))
    opened_at = models.DateTimeField(_("opened at"))
    opened_by = models.CharField(_("opened by"), max_length=200)
    opened_why = models.CharField(_("reason"), max_length=200)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.CharField(_("closed by"), max_length=200, blank=True)
    closed_why = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta(GuardedModel.Meta):
        abstract = False
        verbose_name = _("review of accounts")
        verbose_name_plural = _("reviews of accounts")
        ordering = ("-quarter",)

    def __str__(self) -> str:
        return f"accounts of {self.quarter}"


class ReviewedAccount(GuardedModel, SealedRow):
    """
    One account on the list of a review, as it was when the list was drawn up.

    Text and no foreign key to the person: the record outlives the account.

    Args:
        owners: who was to answer for it, as read by people.
        last_use: the last login, None when there never was one.
    """

    GUARD = GUARD
    SEALED = (
        *("id", "review_id", "uid", "username", "name", "number"),
        *("duty", "is_police", "organisation", "organisation_name", "roles", "owners"),
        *("created_at", "last_use", "valid_until"),
        *("verdict", "verdict_at", "verdict_by", "verdict_uid", "verdict_why"),
        *("result", "result_why"),
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    review = models.ForeignKey(
        AccountReview,
        on_delete=models.PROTECT,
        related_name="listed",
        verbose_name=_("review of accounts"),
    )
    uid = models.UUIDField(_("UID"))
    username = models.CharField(_("login name"), max_length=150)
    name = models.CharField(pgettext_lazy("jtsec", "name"), max_length=50)
    number = models.CharField(_("police or employee number"), max_length=64)
    duty = models.CharField(_("duty"), max_length=16, choices=Duty)
    is_police = models.BooleanField(_("police officer"))
    organisation = models.CharField(_("organisation code"), max_length=12)
    organisation_name = models.CharField(_("organisation"), max_length=100)
    roles = models.JSONField(_("roles"), default=list)
    owners = models.JSONField(_("answered for by"), default=list)
    created_at = models.DateTimeField(_("created at"), null=True)
    last_use = models.DateTimeField(_("last login"), null=True)
    valid_until = models.DateTimeField(_("valid until"), null=True)
    verdict = models.CharField(
        pgettext_lazy("jtsec review", "answer"),
        max_length=16,
        choices=Verdict,
        blank=True,
    )
    verdict_at = models.DateTimeField(_("answered at"), null=True)
    verdict_by = models.CharField(_("answered by"), max_length=200, blank=True)
    verdict_uid = models.CharField(max_length=36, blank=True, editable=False)
    verdict_why = models.CharField(_("reason"), max_length=200, blank=True)
    result = models.CharField(
        pgettext_lazy("jtsec review", "result"),
        max_length=16,
        choices=Result,
        blank=True,
    )
    result_why = models.CharField(_("why"), max_length=200, blank=True)

    class Meta(GuardedModel.Meta):
        abstract = False
        verbose_name = _("reviewed account")
        verbose_name_plural = _("reviewed accounts")
        ordering = ("organisation", "username")
        constraints = [
            models.UniqueConstraint(
                fields=("review", "uid"), name="jtsec_reviewedaccount_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.username} in {self.review_id}"
